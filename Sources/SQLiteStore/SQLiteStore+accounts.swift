package import Foundation
internal import GRDB
package import Inventory

extension SQLiteStore {
    package func createUser(_ draft: UserDraft) async throws -> User {
        try await write { db in try Self.insert(draft, into: db) }
    }

    package func createFirstUser(_ draft: UserDraft) async throws -> User? {
        try await write { db in
            guard try User.fetchCount(db) == 0 else { return nil }
            return try Self.insert(draft, into: db)
        }
    }

    package func listUsers() async throws -> [User] {
        try await read { db in try User.order(UserTable.username).fetchAll(db) }
    }

    package func passwordHash(of username: Username) async throws -> PasswordHash? {
        try await read { db in try Self.passwordHash(of: username, in: db) }
    }

    package func setPassword(_ hash: PasswordHash, of username: Username) async throws {
        try await write { db in
            let user = try Self.user(username, in: db)
            try User.filter(key: user.id).updateAll(db, UserTable.passwordHash.set(to: hash.stored))
            try Table(SessionTable.name).filter(SessionTable.userID == user.id).deleteAll(db)
        }
    }

    package func setRole(_ role: Role, of username: Username) async throws {
        try await write { db in
            let user = try Self.user(username, in: db)
            try User.filter(key: user.id).updateAll(db, UserTable.role.set(to: role.rawValue))
            try Self.keepSupervisor(insteadOf: user, in: db)
        }
    }

    package func removeUser(_ username: Username) async throws {
        try await write { db in
            let user = try Self.user(username, in: db)
            try User.deleteOne(db, key: user.id)
            try Self.keepSupervisor(insteadOf: user, in: db)
        }
    }

    package func createSession(_ draft: SessionDraft, now: Date) async throws -> Session? {
        try await write { db in
            try Table(SessionTable.name).filter(SessionTable.expiresAt <= now.column).deleteAll(db)
            guard try Self.passwordHash(of: draft.username, in: db) == draft.passwordHash else {
                return nil
            }
            let user = try Self.user(draft.username, in: db)
            let row = SessionRow(
                digest: draft.digest, userID: user.id, expiresAt: draft.expiresAt)
            try row.insert(db)
            return Session(user: user, expiresAt: Date(column: draft.expiresAt.column))
        }
    }

    package func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        try await readAtOnceOrWait { db, version in
            let session = try session(digest, version: version, in: db)
            return Authentication(
                session: session.flatMap { $0.isOver(at: now) ? nil : $0 },
                state: version.map(InventoryState.init(version:)))
        }
    }

    package func endSession(_ digest: TokenDigest) async throws {
        _ = try await write { db in
            try Table(SessionTable.name).filter(SessionTable.digest == digest.column).deleteAll(db)
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
            Session(user: try User(row: row), expiresAt: Date(column: row[3]))
        }
        if let version, let session { sessionCache.keep(session, digest, version: version) }
        return session
    }

    private static func user(_ username: Username, in db: Database) throws -> User {
        let users = User.filter(UserTable.username == username.description)
        guard let user = try users.fetchOne(db) else { throw AccountError.noSuchUser(username) }
        return user
    }

    private static func passwordHash(
        of username: Username, in db: Database
    ) throws -> PasswordHash? {
        let users = User.filter(UserTable.username == username.description)
        return try String.fetchOne(db, users.select(UserTable.passwordHash))
            .map(PasswordHash.init(stored:))
    }

    private static func insert(_ draft: UserDraft, into db: Database) throws -> User {
        do {
            try draft.insert(db)
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
        {
            throw AccountError.userExists(draft.username)
        }
        return User(id: db.lastInsertedRowID, username: draft.username, role: draft.role)
    }

    /// Ends the transaction where nobody is supervisor after `user` was changed.
    private static func keepSupervisor(insteadOf user: User, in db: Database) throws {
        let supervisors = User.filter(UserTable.role == Role.supervisor.rawValue)
        guard try user.role != .supervisor || !supervisors.isEmpty(db) else {
            throw AccountError.lastSupervisor(user.username)
        }
    }
}
