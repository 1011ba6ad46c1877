internal import Foundation
internal import GRDB
internal import Inventory

/// The table `user` and its columns.
enum UserTable {
    static let name = "user"

    static let id = Column("id")
    static let username = Column("username")
    static let role = Column("role")
    static let passwordHash = Column("passwordHash")
}

/// The table `session` and its columns.
enum SessionTable {
    static let name = "session"

    static let digest = Column("digest")
    static let userID = Column("userID")
    static let expiresAt = Column("expiresAt")
}

extension User: FetchableRecord, TableRecord {
    static let databaseTableName = UserTable.name
    static var databaseSelection: [any SQLSelectable] {
        [UserTable.id, UserTable.username, UserTable.role]
    }

    /// Reads the columns by position, in the order of `databaseSelection`.
    init(row: Row) throws {
        let role: String = row[2]
        guard let role = Role(rawValue: role) else {
            throw DatabaseError(resultCode: .SQLITE_MISMATCH, message: "unknown role \(role)")
        }
        self.init(id: row[0], username: Username(stored: row[1]), role: role)
    }
}

extension UserDraft: PersistableRecord {
    static let databaseTableName = UserTable.name

    func encode(to container: inout PersistenceContainer) {
        container[UserTable.username] = username.description
        container[UserTable.role] = role.rawValue
        container[UserTable.passwordHash] = passwordHash.stored
    }
}

/// A row of the table `session`.
struct SessionRow: PersistableRecord {
    static let databaseTableName = SessionTable.name

    let digest: TokenDigest
    let userID: Int64
    let expiresAt: Date

    func encode(to container: inout PersistenceContainer) {
        container[SessionTable.digest] = digest.column
        container[SessionTable.userID] = userID
        container[SessionTable.expiresAt] = expiresAt.column
    }
}

extension TokenDigest {
    var column: Data { Data(bytes) }
}

extension Date {
    /// In whole seconds since 1970.
    var column: Int64 { Int64(timeIntervalSince1970.rounded(.down)) }

    init(column: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(column))
    }
}
