package import Foundation
package import Inventory

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

    package func setPassword(_ hash: PasswordHash, of username: Username) async throws {
        try await transaction(.locking) { connection in
            let user = try Self.user(username, in: connection)
            try connection.query(
                "UPDATE \"user\" SET \"passwordHash\" = $1 WHERE id = $2",
                [hash.stored, String(user.id)])
            try connection.query(
                "DELETE FROM session WHERE \"userID\" = $1", [String(user.id)])
        }
    }

    package func setRole(_ role: Role, of username: Username) async throws {
        try await transaction(.locking) { connection in
            try Self.lockUsers(in: connection)
            let user = try Self.user(username, in: connection)
            try connection.query(
                "UPDATE \"user\" SET role = $1 WHERE id = $2", [role.rawValue, String(user.id)])
            try Self.keepSupervisor(insteadOf: user, in: connection)
        }
    }

    package func removeUser(_ username: Username) async throws {
        try await transaction(.locking) { connection in
            try Self.lockUsers(in: connection)
            let user = try Self.user(username, in: connection)
            try connection.query("DELETE FROM \"user\" WHERE id = $1", [String(user.id)])
            try Self.keepSupervisor(insteadOf: user, in: connection)
        }
    }

    package func createSession(_ draft: SessionDraft, now: Date) async throws -> Session? {
        try await transaction(.locking) { connection in
            try connection.query(
                "DELETE FROM session WHERE \"expiresAt\" <= $1", [String(now.wholeSeconds)])
            // Nobody sets another password until this has ended.
            let hash = try Self.passwordHash(of: draft.username, in: connection, locked: true)
            guard hash == draft.passwordHash else { return nil }
            let user = try Self.user(draft.username, in: connection)
            try connection.query(
                "INSERT INTO session (digest, \"userID\", \"expiresAt\") VALUES ($1, $2, $3)",
                [draft.digest.column, String(user.id), String(draft.expiresAt.wholeSeconds)])
            return Session(user: user, expiresAt: draft.expiresAt)
        }
    }

    package func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        try await transaction(.none) { connection in
            try connection.query(
                """
                SELECT "user".id, "user".username, "user".role, session."expiresAt",
                    \(InventoryState.name)
                FROM (VALUES ($1::bytea, $2::bigint)) AS shown (digest, now)
                LEFT JOIN session
                    ON session.digest = shown.digest AND session."expiresAt" > shown.now
                LEFT JOIN "user" ON "user".id = session."userID"
                """, [digest.column, String(now.wholeSeconds)]
            ).first { row in
                let session =
                    try row.isNull(0)
                    ? nil
                    : Session(
                        user: User(row: row), expiresAt: Date(wholeSeconds: row.integer(3)))
                return Authentication(session: session, state: state(row, column: 4))
            } ?? Authentication(session: nil, state: nil)
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

    private static func user(_ username: Username, in connection: Connection) throws -> User {
        let rows = try connection.query(
            "SELECT id, username, role FROM \"user\" WHERE username = $1", [username.description])
        guard let user = try rows.first({ try User(row: $0) }) else {
            throw AccountError.noSuchUser(username)
        }
        return user
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
        do {
            let id = try connection.query(
                """
                INSERT INTO "user" (username, role, "passwordHash") VALUES ($1, $2, $3) RETURNING id
                """,
                [draft.username.description, draft.role.rawValue, draft.passwordHash.stored]
            ).first { try $0.integer(0) }
            return User(id: id ?? 0, username: draft.username, role: draft.role)
        } catch let error as PostgresError where error.constraint == "user_username_unique" {
            throw AccountError.userExists(draft.username)
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

extension TokenDigest {
    // https://www.postgresql.org/docs/current/datatype-binary.html
    fileprivate var column: String {
        "\\x" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
