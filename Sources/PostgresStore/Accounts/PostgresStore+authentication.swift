package import Foundation
package import Inventory
internal import Storage

extension PostgresStore {
    package func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        try await authentications.respond(
            to: (digest, now),
            .init(
                alone: { try await authenticate([$0], for: [$1])[0] },
                together: { try await authenticate($0, for: $1) }))
    }

    private func authenticate(
        _ tokens: [(digest: TokenDigest, now: Date)], for operations: [DatabaseOperation]
    ) async throws -> [Authentication] {
        try await transaction(.query, for: operations) { connection in
            // The subqueries hide the number of tokens from PostgreSQL's planner, which otherwise
            // plans again for each number of tokens. That takes longer than the look-up.
            try connection.rows(
                """
                SELECT (SELECT \(StoreStateToken.sql)), found.*
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
            ) { row in
                let state = try state(&row)
                guard !row.isNull else { return Authentication(session: nil, state: state) }
                let session = Session(
                    user: try User(from: &row), expiresAt: Date(wholeSeconds: try row.integer()))
                return Authentication(session: session, state: state)
            }
        }
    }
}
