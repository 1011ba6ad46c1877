package import Foundation
package import Inventory
package import Storage

extension PostgresStore {
    package func createUser(_ draft: UserDraft) async throws -> User {
        try await transaction(.locking) { try Self.insert(draft, in: $0) }
    }

    package func createFirstUser(_ draft: UserDraft) async throws -> User? {
        try await transaction(.locking) { connection in
            try Self.lockUsers(in: connection)
            guard try connection.query("SELECT 1 FROM \"user\" LIMIT 1").count == 0 else {
                return nil
            }
            return try Self.insert(draft, in: connection)
        }
    }

    package func listUsers() async throws -> [User] {
        try await transaction(.none) { connection in
            try connection.query("SELECT id, username, role FROM \"user\" ORDER BY username")
                .map { try User(row: $0) }
        }
    }

    package func passwordHash(of username: Username) async throws -> PasswordHash? {
        try await transaction(.none) { try Self.passwordHash(of: username, in: $0) }
    }

    package func listAccounts(_ paging: Paging, now: Date) async throws -> Page<Account> {
        try await transaction(.snapshot) { connection in
            let total = try connection.query("SELECT count(*) FROM \"user\"")
                .first { Int(try $0.integer(0)) }
            return try paging.page(of: total ?? 0) { range in
                try connection.query(
                    """
                    \(Account.selection) ORDER BY username \(range.isFromEnd ? "DESC" : "ASC")
                    LIMIT $2::bigint OFFSET $3::bigint
                    """, [String(now.wholeSeconds), String(range.limit), String(range.skipped)]
                ).map(Account.init(row:))
            }
        }
    }

    package func account(_ id: Int64, now: Date) async throws -> Account {
        try await transaction(.none) { try Self.account(id, now: now, in: $0) }
    }

    package func updateUser(
        _ key: UserKey, role: Role?, passwordHash: PasswordHash?, now: Date
    ) async throws -> Account {
        try await transaction(.locking) { connection in
            if role != nil { try Self.lockUsers(in: connection) }
            let user = try Self.user(key, in: connection)
            if let role {
                try connection.query(
                    "UPDATE \"user\" SET role = $1 WHERE id = $2",
                    [role.rawValue, String(user.id)])
                try Self.keepSupervisor(insteadOf: user, in: connection)
            }
            if let passwordHash {
                try connection.query(
                    "UPDATE \"user\" SET \"passwordHash\" = $1 WHERE id = $2",
                    [passwordHash.stored, String(user.id)])
                try Self.endSessions(of: user, in: connection)
            }
            return try Self.account(user.id, now: now, in: connection)
        }
    }

    package func changePassword(
        ofUser id: Int64, from old: PasswordHash, to new: PasswordHash,
        keeping digest: TokenDigest?
    ) async throws -> Bool {
        try await transaction(.locking) { connection in
            let changed = try connection.query(
                """
                UPDATE "user" SET "passwordHash" = $1 WHERE id = $2 AND "passwordHash" = $3
                """, [new.stored, String(id), old.stored])
            guard changed.changedCount == 1 else { return false }
            try connection.query(
                """
                DELETE FROM session WHERE "userID" = $1 AND digest IS DISTINCT FROM $2::bytea
                """, [String(id), digest?.column])
            return true
        }
    }

    package func removeUser(_ key: UserKey) async throws -> User {
        try await transaction(.locking) { connection in
            try Self.lockUsers(in: connection)
            let user = try Self.user(key, in: connection)
            try connection.query("DELETE FROM \"user\" WHERE id = $1", [String(user.id)])
            try Self.keepSupervisor(insteadOf: user, in: connection)
            return user
        }
    }

    package func listSessions(
        ofUser id: Int64, _ paging: Paging, now: Date
    ) async throws -> Page<SessionPeriod> {
        try await transaction(.snapshot) { connection in
            let user = try Self.user(.id(id), in: connection)
            let condition = "FROM session WHERE \"userID\" = $1 AND \"expiresAt\" > $2"
            let parameters = [String(user.id), String(now.wholeSeconds)]
            let total = try connection.query("SELECT count(*) " + condition, parameters)
                .first { Int(try $0.integer(0)) }
            return try paging.page(of: total ?? 0) { range in
                let direction = range.isFromEnd ? "ASC" : "DESC"
                return try connection.query(
                    """
                    SELECT "createdAt", "expiresAt" \(condition)
                    ORDER BY "expiresAt" \(direction), digest \(direction)
                    LIMIT $3::bigint OFFSET $4::bigint
                    """, parameters + [String(range.limit), String(range.skipped)]
                ).map { row in
                    SessionPeriod(
                        createdAt: row.isNull(0)
                            ? nil : Date(wholeSeconds: try row.integer(0)),
                        expiresAt: Date(wholeSeconds: try row.integer(1)))
                }
            }
        }
    }

    package func countSessions(now: Date) async throws -> Int {
        try await transaction(.none) { connection in
            try connection.query(
                "SELECT count(*) FROM session WHERE \"expiresAt\" > $1", [String(now.wholeSeconds)]
            ).first { Int(try $0.integer(0)) } ?? 0
        }
    }

    package func endSessions(ofUser id: Int64) async throws -> User {
        try await transaction(.locking) { connection in
            let user = try Self.user(.id(id), in: connection)
            try Self.endSessions(of: user, in: connection)
            return user
        }
    }

    package func createSession(_ draft: SessionDraft, now: Date) async throws -> Session? {
        try await transaction(.locking) { connection in
            try connection.query(
                "DELETE FROM session WHERE \"expiresAt\" <= $1", [String(now.wholeSeconds)])
            // Nobody sets another password until this has ended.
            let hash = try Self.passwordHash(of: draft.username, in: connection, locked: true)
            guard hash == draft.passwordHash else { return nil }
            let user = try Self.user(.username(draft.username), in: connection)
            try connection.query(
                """
                INSERT INTO session (digest, "userID", "createdAt", "expiresAt")
                VALUES ($1, $2, $3, $4)
                """,
                [
                    draft.digest.column, String(user.id), String(now.wholeSeconds),
                    String(draft.expiresAt.wholeSeconds),
                ])
            return Session(user: user, expiresAt: draft.expiresAt)
        }
    }

    package func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        try await authentications.respond(
            to: ShownToken(digest: digest, now: now),
            .init(
                alone: { token, operation in
                    try await authenticate([token], for: [operation])[0]
                },
                together: { try await authenticate($0, for: $1) }))
    }

    private func authenticate(
        _ tokens: [ShownToken], for operations: [DatabaseOperation]
    ) async throws -> [Authentication] {
        try await transaction(.none, for: operations) { connection in
            // A parameter by itself would tell how many tokens there are, and PostgreSQL would plan
            // for each number of them anew, which takes longer than to find them.
            try connection.query(
                """
                SELECT found.*, (SELECT \(StoreStateToken.name))
                FROM unnest((SELECT $1::bytea[]), (SELECT $2::bigint[])) WITH ORDINALITY
                    AS shown (digest, now, place)
                LEFT JOIN LATERAL (
                    SELECT "user".id, username, role, "expiresAt"
                    FROM session JOIN "user" ON "user".id = "userID"
                    WHERE digest = shown.digest AND "expiresAt" > shown.now LIMIT 1
                ) AS found ON true
                ORDER BY shown.place
                """,
                tokens.map { [.text($0.digest.column), .integer($0.now.wholeSeconds)] }
                    .arrayParameters(columns: 2)
            ).map { row in
                let session =
                    try row.isNull(0)
                    ? nil
                    : Session(
                        user: User(row: row), expiresAt: Date(wholeSeconds: row.integer(3)))
                return Authentication(session: session, state: state(row, column: 4))
            }
        }
    }

    package func endSession(_ digest: TokenDigest) async throws {
        try await transaction(.locking) { connection in
            _ = try connection.query("DELETE FROM session WHERE digest = $1", [digest.column])
        }
    }

    /// Until the transaction ends, nobody else changes who is there and who is supervisor.
    private static func lockUsers(in connection: Connection) throws {
        try connection.execute("LOCK TABLE \"user\" IN SHARE ROW EXCLUSIVE MODE")
    }

    private static func endSessions(of user: User, in connection: Connection) throws {
        try connection.query("DELETE FROM session WHERE \"userID\" = $1", [String(user.id)])
    }

    private static func user(_ key: UserKey, in connection: Connection) throws -> User {
        let (column, value) =
            switch key {
            case .id(let id): ("id", String(id))
            case .username(let username): ("username", username.description)
            }
        let rows = try connection.query(
            "SELECT id, username, role FROM \"user\" WHERE \(column) = $1", [value])
        guard let user = try rows.first({ try User(row: $0) }) else {
            throw AccountError.noSuchUser(key)
        }
        return user
    }

    private static func account(
        _ id: Int64, now: Date, in connection: Connection
    ) throws -> Account {
        let account = try connection.query(
            Account.selection + " WHERE id = $2", [String(now.wholeSeconds), String(id)]
        ).first(Account.init(row:))
        guard let account else { throw AccountError.noSuchUser(.id(id)) }
        return account
    }

    private static func passwordHash(
        of username: Username, in connection: Connection, locked: Bool = false
    ) throws -> PasswordHash? {
        try connection.query(
            "SELECT \"passwordHash\" FROM \"user\" WHERE username = $1"
                + (locked ? " FOR SHARE" : ""), [username.description]
        ).first { PasswordHash(stored: $0.text(0)) }
    }

    private static func insert(_ draft: UserDraft, in connection: Connection) throws -> User {
        let id = try connection.query(
            """
            INSERT INTO "user" (username, role, "passwordHash") VALUES ($1, $2, $3)
            ON CONFLICT (username) DO NOTHING RETURNING id
            """,
            [draft.username.description, draft.role.rawValue, draft.passwordHash.stored]
        ).first { try $0.integer(0) }
        if let id { return User(id: id, username: draft.username, role: draft.role) }
        do {
            let other = try user(.username(draft.username), in: connection)
            throw AccountError.userExists(id: other.id, draft.username)
        } catch AccountError.noSuchUser {
            // Removed in this moment; whoever asks again gets through.
            throw PostgresError(
                sqlState: "40001", constraint: nil, description: "the user in the way is gone")
        }
    }

    /// Ends the transaction where nobody is supervisor after `user` was changed.
    private static func keepSupervisor(
        insteadOf user: User, in connection: Connection
    ) throws {
        guard user.role == .supervisor else { return }
        let supervisors = try connection.query(
            "SELECT 1 FROM \"user\" WHERE role = 'supervisor' LIMIT 1")
        guard supervisors.count > 0 else { throw AccountError.lastSupervisor(user.username) }
    }
}

/// A token that was shown with a request.
struct ShownToken {
    let digest: TokenDigest
    let now: Date
}

extension User {
    /// Reads id, name and role, in this order, whatever follows.
    init(row: Row) throws {
        guard let role = Role(rawValue: row.text(2)) else {
            throw PostgresError(
                sqlState: "22P02", constraint: nil, description: "unknown role \(row.text(2))")
        }
        self.init(id: try row.integer(0), username: Username(stored: row.text(1)), role: role)
    }
}

extension Account {
    /// What ``init(row:)`` reads, with the time in place of the first parameter.
    fileprivate static let selection = """
        SELECT id, username, role, (
            SELECT count(*) FROM session WHERE "userID" = "user".id AND "expiresAt" > $1
        ) FROM "user"
        """

    fileprivate init(row: Row) throws {
        self.init(user: try User(row: row), sessions: Int(try row.integer(3)))
    }
}

extension TokenDigest {
    // https://www.postgresql.org/docs/current/datatype-binary.html
    fileprivate var column: String { "\\x" + bytes.hexadecimal }
}
