package import Foundation
package import Inventory

/// The methods of `AccountStore` except `authenticate`. Every request calls that one, so each store
/// has its own, faster implementation.
extension SQLStore {
    package func createUser(_ draft: UserDraft) async throws -> User {
        try await transaction(.write) { try $0.insert(draft) }
    }

    package func createFirstUser(_ draft: UserDraft) async throws -> User? {
        try await transaction(.write) { transaction in
            try transaction.lock(table: "user")
            let count = try transaction.count("SELECT count(*) FROM \"user\"")
            return count > 0 ? nil : try transaction.insert(draft)
        }
    }

    package func listUsers() async throws -> [User] {
        try await transaction(.query) { transaction in
            try transaction.rows(User.selection + " ORDER BY username", as: User.init)
        }
    }

    package func passwordHash(of username: Username) async throws -> PasswordHash? {
        try await transaction(.query) { transaction in
            try transaction.row(
                "SELECT \"passwordHash\" FROM \"user\" WHERE username = $1",
                [.text(username.description)]
            ) { PasswordHash(stored: try $0.text()) }
        }
    }

    package func listAccounts(_ paging: Paging, now: Date) async throws -> Page<Account> {
        try await transaction(.snapshot) { transaction in
            let total = try transaction.count("SELECT count(*) FROM \"user\"")
            return try paging.page(of: total) { range in
                try transaction.rows(
                    """
                    \(Account.selection) ORDER BY username \(range.isFromEnd ? "DESC" : "ASC")
                    LIMIT $2 OFFSET $3
                    """, [.integer(now.wholeSeconds)] + range.limitAndOffset, as: Account.init)
            }
        }
    }

    package func account(_ id: Int64, now: Date) async throws -> Account {
        try await transaction(.query) { try $0.account(id, now: now) }
    }

    package func updateUser(
        _ key: UserKey, role: Role?, passwordHash: PasswordHash?, now: Date
    ) async throws -> Account {
        try await transaction(.write) { transaction in
            if role != nil { try transaction.lock(table: "user") }
            let user = try transaction.user(key)
            guard role != nil || passwordHash != nil else {
                return try transaction.account(user.id, now: now)
            }
            try transaction.change(
                """
                UPDATE "user" SET role = coalesce($1, role),
                    "passwordHash" = coalesce($2, "passwordHash") WHERE id = $3
                """,
                [
                    role.map { .text($0.rawValue) } ?? .null,
                    passwordHash.map { .text($0.stored) } ?? .null, .integer(user.id),
                ])
            if role != nil { try transaction.checkSupervisorRemains(after: user) }
            if passwordHash != nil { try transaction.endSessions(ofUser: user.id) }
            return try transaction.account(user.id, now: now)
        }
    }

    package func changePassword(
        ofUser id: Int64, from old: PasswordHash, to new: PasswordHash,
        keeping digest: TokenDigest?
    ) async throws -> Bool {
        try await transaction(.write) { transaction in
            let count = try transaction.change(
                """
                UPDATE "user" SET "passwordHash" = $1 WHERE id = $2 AND "passwordHash" = $3
                """, [.text(new.stored), .integer(id), .text(old.stored)])
            guard count == 1 else { return false }
            try transaction.endSessions(ofUser: id, except: digest)
            return true
        }
    }

    package func removeUser(_ key: UserKey) async throws -> User {
        try await transaction(.write) { transaction in
            try transaction.lock(table: "user")
            let user = try transaction.user(key)
            try transaction.change("DELETE FROM \"user\" WHERE id = $1", [.integer(user.id)])
            try transaction.checkSupervisorRemains(after: user)
            return user
        }
    }

    package func listSessions(
        ofUser id: Int64, _ paging: Paging, now: Date
    ) async throws -> Page<SessionPeriod> {
        try await transaction(.snapshot) { transaction in
            let user = try transaction.user(.id(id))
            let condition = "FROM session WHERE \"userID\" = $1 AND \"expiresAt\" > $2"
            let values = [StoredValue.integer(user.id), .integer(now.wholeSeconds)]
            let total = try transaction.count("SELECT count(*) " + condition, values)
            return try paging.page(of: total) { range in
                let direction = range.isFromEnd ? "ASC" : "DESC"
                return try transaction.rows(
                    """
                    SELECT "createdAt", "expiresAt" \(condition)
                    ORDER BY "expiresAt" \(direction), digest \(direction) LIMIT $3 OFFSET $4
                    """, values + range.limitAndOffset
                ) { row in
                    SessionPeriod(
                        createdAt: try row.optionalInteger().map(Date.init(wholeSeconds:)),
                        expiresAt: Date(wholeSeconds: try row.integer()))
                }
            }
        }
    }

    package func countSessions(now: Date) async throws -> Int {
        try await transaction(.query) { transaction in
            try transaction.count(
                "SELECT count(*) FROM session WHERE \"expiresAt\" > $1",
                [.integer(now.wholeSeconds)])
        }
    }

    package func endSessions(ofUser id: Int64) async throws -> User {
        try await transaction(.write) { transaction in
            let user = try transaction.user(.id(id))
            try transaction.endSessions(ofUser: id)
            return user
        }
    }

    package func createSession(_ draft: SessionDraft, now: Date) async throws -> Session? {
        try await transaction(.write) { transaction in
            try transaction.change(
                "DELETE FROM session WHERE \"expiresAt\" <= $1", [.integer(now.wholeSeconds)])
            // Lock the user's row until the session exists, so a concurrent change of the password
            // waits, and then ends this session too.
            let user = try transaction.row(
                User.selection + " WHERE username = $1 AND \"passwordHash\" = $2"
                    + transaction.lock(for: "SHARE"),
                [.text(draft.username.description), .text(draft.passwordHash.stored)],
                as: User.init)
            guard let user else { return nil }
            try transaction.change(
                """
                INSERT INTO session (digest, "userID", "createdAt", "expiresAt")
                VALUES ($1, $2, $3, $4)
                """,
                [
                    .bytes(draft.digest.bytes), .integer(user.id), .integer(now.wholeSeconds),
                    .integer(draft.expiresAt.wholeSeconds),
                ])
            return Session(user: user, expiresAt: draft.expiresAt)
        }
    }

    package func endSession(_ digest: TokenDigest) async throws {
        _ = try await transaction(.write) { transaction in
            try transaction.change("DELETE FROM session WHERE digest = $1", [.bytes(digest.bytes)])
        }
    }
}

extension SQLTransaction {
    fileprivate func endSessions(ofUser id: Int64, except digest: TokenDigest? = nil) throws {
        let condition = digest == nil ? "" : " AND digest <> $2"
        let digests = digest.map { [StoredValue.bytes($0.bytes)] } ?? []
        try change(
            "DELETE FROM session WHERE \"userID\" = $1" + condition, [.integer(id)] + digests)
    }

    fileprivate func user(_ key: UserKey) throws -> User {
        let (column, value) =
            switch key {
            case .id(let id): ("id", StoredValue.integer(id))
            case .username(let username): ("username", .text(username.description))
            }
        let user = try row(User.selection + " WHERE \(column) = $1", [value], as: User.init)
        guard let user else { throw AccountError.noSuchUser(key) }
        return user
    }

    fileprivate func account(_ id: Int64, now: Date) throws -> Account {
        let account = try row(
            Account.selection + " WHERE id = $2", [.integer(now.wholeSeconds), .integer(id)],
            as: Account.init)
        guard let account else { throw AccountError.noSuchUser(.id(id)) }
        return account
    }

    fileprivate func insert(_ draft: UserDraft) throws -> User {
        let username = StoredValue.text(draft.username.description)
        let existing = try row("SELECT id FROM \"user\" WHERE username = $1", [username]) {
            try $0.integer()
        }
        if let existing { throw AccountError.userExists(id: existing, draft.username) }
        let id = try row(
            """
            INSERT INTO "user" (username, role, "passwordHash") VALUES ($1, $2, $3)
            ON CONFLICT (username) DO NOTHING RETURNING id
            """,
            [username, .text(draft.role.rawValue), .text(draft.passwordHash.stored)]
        ) { try $0.integer() }
        // On PostgreSQL, another transaction may have created the user meanwhile.
        guard let id else { return try insert(draft) }
        return User(id: id, username: draft.username, role: draft.role)
    }

    /// - Parameter user: A user as it was before the transaction changed or removed it.
    fileprivate func checkSupervisorRemains(after user: User) throws {
        guard user.role == .supervisor else { return }
        let count = try count("SELECT count(*) FROM \"user\" WHERE role = 'supervisor'")
        guard count > 0 else { throw AccountError.lastSupervisor(user.username) }
    }
}

extension User {
    fileprivate static let selection = "SELECT id, username, role FROM \"user\""

    package init(from row: inout some StoredRow) throws {
        let id = try row.integer()
        let username = Username(stored: try row.text())
        let name = try row.text()
        guard let role = Role(rawValue: name) else { throw UnknownStoredValue(text: name) }
        self.init(id: id, username: username, role: role)
    }
}

extension Account {
    /// `$1` is the current time. Expired sessions do not count.
    fileprivate static let selection = """
        SELECT id, username, role, (
            SELECT count(*) FROM session WHERE "userID" = "user".id AND "expiresAt" > $1
        ) FROM "user"
        """

    fileprivate init(from row: inout some StoredRow) throws {
        self.init(user: try User(from: &row), sessions: Int(try row.integer()))
    }
}
