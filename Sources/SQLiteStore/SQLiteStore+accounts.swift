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

    package func session(_ digest: TokenDigest, now: Date) async throws -> Session? {
        do {
            return try sessionAtOnce(digest, at: now)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Another program recovers or closes the file: that is waited for on a thread that may.
            return try await read { db in try Self.session(digest, at: now, in: db) }
        }
    }

    package func endSession(_ digest: TokenDigest) async throws {
        _ = try await write { db in
            try Table(SessionTable.name).filter(SessionTable.digest == digest.column).deleteAll(db)
        }
    }

    /// Every request asks this, so it does not change threads.
    private func sessionAtOnce(_ digest: TokenDigest, at now: Date) throws -> Session? {
        try readAtOnce { db in
            guard let sessionCache else { return try Self.session(digest, at: now, in: db) }
            let statement = try db.cachedStatement(sql: "PRAGMA data_version")
            let version = try Int64.fetchOne(statement) ?? 0
            if let session = sessionCache.session(digest, version: version) {
                return session.isOver(at: now) ? nil : session
            }
            let session = try Self.session(digest, at: now, in: db)
            if let session { sessionCache.keep(session, digest, version: version) }
            return session
        }
    }

    private static func session(
        _ digest: TokenDigest, at now: Date, in db: Database
    ) throws -> Session? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT user.id, user.username, user.role, session.expiresAt
                FROM session JOIN user ON user.id = session.userID
                WHERE session.digest = ? AND session.expiresAt > ?
                """)
        let arguments: StatementArguments = [digest.column, now.column]
        return try Row.fetchOne(statement, arguments: arguments).map { row in
            Session(user: try User(row: row), expiresAt: Date(column: row[3]))
        }
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
