package import Foundation
internal import GRDB
package import Inventory
package import Storage

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

    package func listAccounts(_ paging: Paging, now: Date) async throws -> Page<Account> {
        try await read { db in
            let total = try Int.fetchOne(db, sql: "SELECT count(*) FROM user") ?? 0
            return try paging.page(of: total) { range in
                let statement = try db.cachedStatement(
                    sql: """
                        \(Account.selection) ORDER BY username \(range.isFromEnd ? "DESC" : "ASC")
                        LIMIT ? OFFSET ?
                        """)
                return try Account.fetchAll(
                    statement, arguments: [now.wholeSeconds, range.limit, range.skipped])
            }
        }
    }

    package func account(_ id: Int64, now: Date) async throws -> Account {
        try await read { db in try Self.account(id, now: now, in: db) }
    }

    package func updateUser(
        _ key: UserKey, role: Role?, passwordHash: PasswordHash?, now: Date
    ) async throws -> Account {
        try await write { db in
            let user = try Self.user(key, in: db)
            if let role {
                try db.execute(
                    sql: "UPDATE user SET role = ? WHERE id = ?",
                    arguments: [role.rawValue, user.id])
                try Self.keepSupervisor(insteadOf: user, in: db)
            }
            if let passwordHash {
                try db.execute(
                    sql: "UPDATE user SET passwordHash = ? WHERE id = ?",
                    arguments: [passwordHash.stored, user.id])
                try Self.endSessions(of: user, in: db)
            }
            return try Self.account(user.id, now: now, in: db)
        }
    }

    package func changePassword(
        ofUser id: Int64, from old: PasswordHash, to new: PasswordHash,
        keeping digest: TokenDigest?
    ) async throws -> Bool {
        try await write { db in
            try db.execute(
                sql: "UPDATE user SET passwordHash = ? WHERE id = ? AND passwordHash = ?",
                arguments: [new.stored, id, old.stored])
            guard db.changesCount == 1 else { return false }
            try db.execute(
                sql: "DELETE FROM session WHERE userID = ? AND digest IS NOT ?",
                arguments: [id, digest?.column])
            return true
        }
    }

    package func removeUser(_ key: UserKey) async throws -> User {
        try await write { db in
            let user = try Self.user(key, in: db)
            try db.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [user.id])
            try Self.keepSupervisor(insteadOf: user, in: db)
            return user
        }
    }

    package func listSessions(
        ofUser id: Int64, _ paging: Paging, now: Date
    ) async throws -> Page<SessionPeriod> {
        try await read { db in
            let user = try Self.user(.id(id), in: db)
            let condition = "FROM session WHERE userID = ? AND expiresAt > ?"
            let arguments: StatementArguments = [user.id, now.wholeSeconds]
            let total = try Int.fetchOne(
                db, sql: "SELECT count(*) " + condition, arguments: arguments)
            return try paging.page(of: total ?? 0) { range in
                let direction = range.isFromEnd ? "ASC" : "DESC"
                return try Row.fetchAll(
                    db,
                    sql: """
                        SELECT createdAt, expiresAt \(condition)
                        ORDER BY expiresAt \(direction), digest \(direction) LIMIT ? OFFSET ?
                        """, arguments: arguments + [range.limit, range.skipped]
                ).map { row in
                    SessionPeriod(
                        createdAt: (row[0] as Int64?).map(Date.init(wholeSeconds:)),
                        expiresAt: Date(wholeSeconds: row[1]))
                }
            }
        }
    }

    package func countSessions(now: Date) async throws -> Int {
        try await read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM session WHERE expiresAt > ?",
                arguments: [now.wholeSeconds]) ?? 0
        }
    }

    package func endSessions(ofUser id: Int64) async throws -> User {
        try await write { db in
            let user = try Self.user(.id(id), in: db)
            try Self.endSessions(of: user, in: db)
            return user
        }
    }

    package func createSession(_ draft: SessionDraft, now: Date) async throws -> Session? {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM session WHERE expiresAt <= ?", arguments: [now.wholeSeconds])
            guard try Self.passwordHash(of: draft.username, in: db) == draft.passwordHash else {
                return nil
            }
            let user = try Self.user(.username(draft.username), in: db)
            try db.execute(
                sql: """
                    INSERT INTO session (digest, userID, createdAt, expiresAt) VALUES (?, ?, ?, ?)
                    """,
                arguments: [
                    draft.digest.column, user.id, now.wholeSeconds, draft.expiresAt.wholeSeconds,
                ])
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
            state: version.map(StoreStateToken.init(version:)))
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

    private static func endSessions(of user: User, in db: Database) throws {
        try db.execute(sql: "DELETE FROM session WHERE userID = ?", arguments: [user.id])
    }

    private static func user(_ key: UserKey, in db: Database) throws -> User {
        let (column, value): (String, any DatabaseValueConvertible) =
            switch key {
            case .id(let id): ("id", id)
            case .username(let username): ("username", username.description)
            }
        let user = try User.fetchOne(
            db, sql: "SELECT id, username, role FROM user WHERE \(column) = ?",
            arguments: [value])
        guard let user else { throw AccountError.noSuchUser(key) }
        return user
    }

    private static func account(_ id: Int64, now: Date, in db: Database) throws -> Account {
        let statement = try db.cachedStatement(sql: Account.selection + " WHERE id = ?")
        let arguments: StatementArguments = [now.wholeSeconds, id]
        guard let account = try Account.fetchOne(statement, arguments: arguments) else {
            throw AccountError.noSuchUser(.id(id))
        }
        return account
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
            let other = try user(.username(draft.username), in: db)
            throw AccountError.userExists(id: other.id, draft.username)
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

extension Account: FetchableRecord {
    /// What ``init(row:)`` reads, with the time in place of the parameter.
    fileprivate static let selection = """
        SELECT id, username, role, (
            SELECT count(*) FROM session WHERE userID = user.id AND expiresAt > ?
        ) FROM user
        """

    init(row: Row) throws {
        self.init(user: try User(row: row), sessions: row[3])
    }
}

extension TokenDigest {
    fileprivate var column: Data { Data(bytes) }
}
