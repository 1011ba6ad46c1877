package import Foundation
package import Inventory
internal import Storage

/// A request's token.
struct ShownToken {
    let digest: TokenDigest
    let now: Date
}

extension PostgresStore {
    package func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        try await authentications.respond(
            to: ShownToken(digest: digest, now: now),
            .init(
                alone: { try await authenticate([$0], for: [$1])[0] },
                together: { try await authenticate($0, for: $1) }))
    }

    private func authenticate(
        _ tokens: [ShownToken], for operations: [DatabaseOperation]
    ) async throws -> [Authentication] {
        try await transaction(.none, for: operations) { connection in
            // The subqueries hide the number of tokens. Otherwise PostgreSQL plans again for each number,
            // which takes longer than the look-up.
            try connection.query(
                """
                SELECT found.*, (SELECT \(StoreStateToken.sql))
                FROM unnest((SELECT $1::bytea[]), (SELECT $2::bigint[])) WITH ORDINALITY
                    AS shown (digest, now, place)
                LEFT JOIN LATERAL (
                    SELECT "user".id, username, role, "expiresAt"
                    FROM session JOIN "user" ON "user".id = "userID"
                    WHERE digest = shown.digest AND "expiresAt" > shown.now LIMIT 1
                ) AS found ON true
                ORDER BY shown.place
                """,
                tokens.map { [.bytes($0.digest.bytes), .integer($0.now.wholeSeconds)] }
                    .arrayParameters(columns: 2)
            ).map { row in
                var session: Session?
                if !row.isNull(0) {
                    var reader = RowReader(row: row)
                    session = Session(
                        user: try User(from: &reader),
                        expiresAt: Date(wholeSeconds: try reader.integer()))
                }
                return Authentication(session: session, state: state(row, column: 4))
            }
        }
    }
}
