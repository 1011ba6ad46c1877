internal import CSQLite
package import Foundation
package import Inventory
internal import Storage

extension SQLiteStore {
    package func createUser(_ draft: UserDraft) async throws -> User {
        try await write { db in try db.insert(draft) }
    }

    package func createFirstUser(_ draft: UserDraft) async throws -> User? {
        try await write { db in
            guard try db.count("SELECT count(*) FROM user") == 0 else { return nil }
            return try db.insert(draft)
        }
    }

    package func listUsers() async throws -> [User] {
        try await read { db in
            try db.rows("\(User.selection) ORDER BY username", as: User.init(row:))
        }
    }

    package func passwordHash(of username: Username) async throws -> PasswordHash? {
        try await read { db in try db.passwordHash(of: username) }
    }

    package func listAccounts(_ paging: Paging, now: Date) async throws -> Page<Account> {
        try await read { db in
            try paging.page(of: db.count("SELECT count(*) FROM user")) { range in
                let direction = range.isFromEnd ? "DESC" : "ASC"
                return try db.rows(
                    "\(Account.selection) ORDER BY username \(direction) LIMIT ? OFFSET ?",
                    [.integer(now.wholeSeconds)] + range.place, as: Account.init(row:))
            }
        }
    }

    package func account(_ id: Int64, now: Date) async throws -> Account {
        try await read { db in try db.account(id, now: now) }
    }

    package func updateUser(
        _ key: UserKey, role: Role?, passwordHash: PasswordHash?, now: Date
    ) async throws -> Account {
        try await write { db in
            let user = try db.user(key)
            try db.execute(
                """
                UPDATE user SET role = coalesce(?, role), passwordHash = coalesce(?, passwordHash)
                WHERE id = ?
                """,
                [
                    role.map { .text($0.rawValue) } ?? .null,
                    passwordHash.map { .text($0.stored) } ?? .null, .integer(user.id),
                ])
            if role != nil { try db.checkSupervisorRemains(after: user) }
            if passwordHash != nil { try db.endSessions(ofUser: user.id) }
            return try db.account(user.id, now: now)
        }
    }

    package func changePassword(
        ofUser id: Int64, from old: PasswordHash, to new: PasswordHash,
        keeping digest: TokenDigest?
    ) async throws -> Bool {
        try await write { db in
            try db.execute(
                "UPDATE user SET passwordHash = ? WHERE id = ? AND passwordHash = ?",
                [.text(new.stored), .integer(id), .text(old.stored)])
            guard db.changeCount == 1 else { return false }
            try db.endSessions(ofUser: id, except: digest)
            return true
        }
    }

    package func removeUser(_ key: UserKey) async throws -> User {
        try await write { db in
            let user = try db.user(key)
            try db.execute("DELETE FROM user WHERE id = ?", [.integer(user.id)])
            try db.checkSupervisorRemains(after: user)
            return user
        }
    }

    package func listSessions(
        ofUser id: Int64, _ paging: Paging, now: Date
    ) async throws -> Page<SessionPeriod> {
        try await read { db in
            let user = try db.user(.id(id))
            let matching = "FROM session WHERE userID = ? AND expiresAt > ?"
            let values: [StoredValue] = [.integer(user.id), .integer(now.wholeSeconds)]
            let total = try db.count("SELECT count(*) \(matching)", values)
            return try paging.page(of: total) { range in
                let direction = range.isFromEnd ? "ASC" : "DESC"
                return try db.rows(
                    """
                    SELECT createdAt, expiresAt \(matching)
                    ORDER BY expiresAt \(direction), digest \(direction) LIMIT ? OFFSET ?
                    """, values + range.place
                ) { row in
                    SessionPeriod(
                        createdAt: try row.optionalInteger().map(Date.init(wholeSeconds:)),
                        expiresAt: Date(wholeSeconds: try row.integer()))
                }
            }
        }
    }

    package func countSessions(now: Date) async throws -> Int {
        try await read { db in
            try db.count(
                "SELECT count(*) FROM session WHERE expiresAt > ?", [.integer(now.wholeSeconds)])
        }
    }

    package func endSessions(ofUser id: Int64) async throws -> User {
        try await write { db in
            let user = try db.user(.id(id))
            try db.endSessions(ofUser: id)
            return user
        }
    }

    package func createSession(_ draft: SessionDraft, now: Date) async throws -> Session? {
        try await write { db in
            try db.execute(
                "DELETE FROM session WHERE expiresAt <= ?", [.integer(now.wholeSeconds)])
            guard try db.passwordHash(of: draft.username) == draft.passwordHash else {
                return nil
            }
            let user = try db.user(.username(draft.username))
            try db.execute(
                "INSERT INTO session (userID, createdAt, expiresAt, digest) VALUES (?, ?, ?, ?)",
                [
                    .integer(user.id), .integer(now.wholeSeconds),
                    .integer(draft.expiresAt.wholeSeconds),
                ], blob: draft.digest.bytes)
            return Session(user: user, expiresAt: draft.expiresAt)
        }
    }

    package func endSession(_ digest: TokenDigest) async throws {
        try await write { db in
            try db.execute("DELETE FROM session WHERE digest = ?", blob: digest.bytes)
        }
    }

    package func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        if let authentication = try authenticateAtOnce(digest, now: now) { return authentication }
        return try await read { db in
            try authentication(digest, now: now, version: nil, in: db)
        }
    }

    package func authenticateAtOnce(
        _ digest: TokenDigest, now: Date
    ) throws -> Authentication? {
        try lookUp { db, version in
            try authentication(digest, now: now, version: version, in: db)
        }
    }

    private func authentication(
        _ digest: TokenDigest, now: Date, version: Int64?, in db: SQLiteConnection
    ) throws -> Authentication {
        let session = try session(digest, version: version, in: db)
        return Authentication(
            session: session.flatMap { $0.isOver(at: now) ? nil : $0 },
            state: version.map(StoreStateToken.init(version:)))
    }

    /// Returns the session, even if it has expired.
    private func session(
        _ digest: TokenDigest, version: Int64?, in db: SQLiteConnection
    ) throws -> Session? {
        if let version, let session = sessionCache.session(digest, version: version) {
            return session
        }
        let session = try db.row(
            """
            SELECT user.id, user.username, user.role, session.expiresAt
            FROM session JOIN user ON user.id = session.userID
            WHERE session.digest = ?
            """, blob: digest.bytes
        ) { row in
            Session(
                user: try User(row: &row), expiresAt: Date(wholeSeconds: try row.integer()))
        }
        if let version, let session { sessionCache.insert(session, digest, version: version) }
        return session
    }
}

extension StoreStateToken {
    /// - Parameter version: ``SQLiteConnection/dataVersion()``.
    init(version: Int64) {
        self.init(String(version))
    }
}

extension SQLiteConnection {
    fileprivate func user(_ key: UserKey) throws -> User {
        let (column, value): (String, StoredValue) =
            switch key {
            case .id(let id): ("id", .integer(id))
            case .username(let username): ("username", .text(username.description))
            }
        let user = try row("\(User.selection) WHERE \(column) = ?", [value], as: User.init(row:))
        guard let user else { throw AccountError.noSuchUser(key) }
        return user
    }

    fileprivate func account(_ id: Int64, now: Date) throws -> Account {
        let account = try row(
            "\(Account.selection) WHERE id = ?", [.integer(now.wholeSeconds), .integer(id)],
            as: Account.init(row:))
        guard let account else { throw AccountError.noSuchUser(.id(id)) }
        return account
    }

    fileprivate func passwordHash(of username: Username) throws -> PasswordHash? {
        try row(
            "SELECT passwordHash FROM user WHERE username = ?", [.text(username.description)]
        ) { PasswordHash(stored: try $0.text()) }
    }

    fileprivate func insert(_ draft: UserDraft) throws -> User {
        do {
            try execute(
                "INSERT INTO user (username, role, passwordHash) VALUES (?, ?, ?)",
                [
                    .text(draft.username.description), .text(draft.role.rawValue),
                    .text(draft.passwordHash.stored),
                ])
        } catch let error as SQLiteError where error.isUniqueViolation {
            let other = try user(.username(draft.username))
            throw AccountError.userExists(id: other.id, draft.username)
        }
        return User(id: lastInsertedID, username: draft.username, role: draft.role)
    }

    fileprivate func endSessions(ofUser id: Int64, except digest: TokenDigest? = nil) throws {
        // No session has an empty digest.
        try execute(
            "DELETE FROM session WHERE userID = ? AND digest IS NOT ?", [.integer(id)],
            blob: digest?.bytes ?? [])
    }

    /// - Throws: ``AccountError/lastSupervisor(_:)`` if the change of `user` left no supervisor.
    fileprivate func checkSupervisorRemains(after user: User) throws {
        guard user.role == .supervisor else { return }
        let role = StoredValue.text(Role.supervisor.rawValue)
        guard try count("SELECT count(*) FROM user WHERE role = ?", [role]) > 0 else {
            throw AccountError.lastSupervisor(user.username)
        }
    }
}

extension User {
    static let selection = "SELECT id, username, role FROM user"

    /// Reads the columns of ``selection``.
    init(row: inout SQLiteRow) throws {
        let (id, username) = (try row.integer(), Username(stored: try row.text()))
        let name = try row.text()
        guard let role = Role(rawValue: name) else {
            throw SQLiteError(SQLITE_MISMATCH, "unknown role \(name)")
        }
        self.init(id: id, username: username, role: role)
    }
}

extension Account {
    /// The parameter is the current time.
    fileprivate static let selection = """
        SELECT id, username, role, (
            SELECT count(*) FROM session WHERE userID = user.id AND expiresAt > ?
        ) FROM user
        """

    fileprivate init(row: inout SQLiteRow) throws {
        self.init(user: try User(row: &row), sessions: try row.count())
    }
}
