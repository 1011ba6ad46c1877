package import Foundation
internal import GRDB
package import Inventory

extension SQLiteStore {
    package func createUser(_ draft: UserDraft) async throws -> User {
        try await write { db in try Self.insert(draft, into: db) }
    }

    package func createFirstUser(_ draft: UserDraft) async throws -> User? {
        try await write { db in
            guard try Row.fetchOne(db, sql: "SELECT 1 FROM user LIMIT 1") == nil else {
                return nil
            }
            return try Self.insert(draft, into: db)
        }
    }

    package func listUsers() async throws -> [User] {
        try await read { db in
            try User.fetchAll(db, sql: "SELECT id, username, role FROM user ORDER BY username")
        }
    }

    package func passwordHash(of username: Username) async throws -> PasswordHash? {
        try await read { db in try Self.passwordHash(of: username, in: db) }
    }

    package func setPassword(_ hash: PasswordHash, of username: Username) async throws {
        try await write { db in
            let user = try Self.user(username, in: db)
            try db.execute(
                sql: "UPDATE user SET passwordHash = ? WHERE id = ?",
                arguments: [hash.stored, user.id])
            try db.execute(sql: "DELETE FROM session WHERE userID = ?", arguments: [user.id])
        }
    }

    package func setRole(_ role: Role, of username: Username) async throws {
        try await write { db in
            let user = try Self.user(username, in: db)
            try db.execute(
                sql: "UPDATE user SET role = ? WHERE id = ?", arguments: [role.rawValue, user.id])
            try Self.keepSupervisor(insteadOf: user, in: db)
        }
    }

    package func removeUser(_ username: Username) async throws {
        try await write { db in
            let user = try Self.user(username, in: db)
            try db.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [user.id])
            try Self.keepSupervisor(insteadOf: user, in: db)
        }
    }

    package func createSession(_ draft: SessionDraft, now: Date) async throws -> Session? {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM session WHERE expiresAt <= ?", arguments: [now.wholeSeconds])
            guard try Self.passwordHash(of: draft.username, in: db) == draft.passwordHash else {
                return nil
            }
            let user = try Self.user(draft.username, in: db)
            try db.execute(
                sql: "INSERT INTO session (digest, userID, expiresAt) VALUES (?, ?, ?)",
                arguments: [draft.digest.column, user.id, draft.expiresAt.wholeSeconds])
            return Session(user: user, expiresAt: draft.expiresAt)
        }
    }

    package func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        try await readAtOnceOrWait { db, version in
            try authentication(digest, now: now, version: version, in: db)
        }
    }

    package func authenticateAtOnce(
        _ digest: TokenDigest, now: Date
    ) throws -> Authentication? {
        try readAtOnce { db, version in
            try authentication(digest, now: now, version: version, in: db)
        }
    }

    private func authentication(
        _ digest: TokenDigest, now: Date, version: Int64?, in db: Database
    ) throws -> Authentication {
        let session = try session(digest, version: version, in: db)
        return Authentication(
            session: session.flatMap { $0.isOver(at: now) ? nil : $0 },
            state: version.map(InventoryState.init(version:)))
    }

    package func endSession(_ digest: TokenDigest) async throws {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM session WHERE digest = ?", arguments: [digest.column])
        }
    }

    /// The session, whether or not it has expired.
    ///
    /// - Parameter version: What SQLite calls the state of the database; nil where it cannot tell.
    private func session(
        _ digest: TokenDigest, version: Int64?, in db: Database
    ) throws -> Session? {
        if let version, let session = sessionCache.session(digest, version: version) {
            return session
        }
        let statement = try db.cachedStatement(
            sql: """
                SELECT user.id, user.username, user.role, session.expiresAt
                FROM session JOIN user ON user.id = session.userID
                WHERE session.digest = ?
                """)
        let arguments: StatementArguments = [digest.column]
        let session = try Row.fetchOne(statement, arguments: arguments).map { row in
            Session(user: try User(row: row), expiresAt: Date(wholeSeconds: row[3]))
        }
        if let version, let session { sessionCache.keep(session, digest, version: version) }
        return session
    }

    private static func user(_ username: Username, in db: Database) throws -> User {
        let user = try User.fetchOne(
            db, sql: "SELECT id, username, role FROM user WHERE username = ?",
            arguments: [username.description])
        guard let user else { throw AccountError.noSuchUser(username) }
        return user
    }

    private static func passwordHash(
        of username: Username, in db: Database
    ) throws -> PasswordHash? {
        try String.fetchOne(
            db, sql: "SELECT passwordHash FROM user WHERE username = ?",
            arguments: [username.description]
        ).map(PasswordHash.init(stored:))
    }

    private static func insert(_ draft: UserDraft, into db: Database) throws -> User {
        do {
            try db.execute(
                sql: "INSERT INTO user (username, role, passwordHash) VALUES (?, ?, ?)",
                arguments: [
                    draft.username.description, draft.role.rawValue, draft.passwordHash.stored,
                ])
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
        {
            throw AccountError.userExists(draft.username)
        }
        return User(id: db.lastInsertedRowID, username: draft.username, role: draft.role)
    }

    /// Ends the transaction where nobody is supervisor after `user` was changed.
    private static func keepSupervisor(insteadOf user: User, in db: Database) throws {
        guard user.role == .supervisor else { return }
        let supervisor = try Row.fetchOne(
            db, sql: "SELECT 1 FROM user WHERE role = ? LIMIT 1",
            arguments: [Role.supervisor.rawValue])
        guard supervisor != nil else { throw AccountError.lastSupervisor(user.username) }
    }
}

extension User: FetchableRecord {
    /// Reads id, name and role, in this order, whatever follows.
    init(row: Row) throws {
        let role: String = row[2]
        guard let role = Role(rawValue: role) else {
            throw DatabaseError(resultCode: .SQLITE_MISMATCH, message: "unknown role \(role)")
        }
        self.init(id: row[0], username: Username(stored: row[1]), role: role)
    }
}

extension TokenDigest {
    fileprivate var column: Data { Data(bytes) }
}
