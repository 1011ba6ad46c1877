internal import GRDB
package import Inventory

extension SQLiteStore: TransferableStore {
    package func withSnapshot<Value>(
        _ body: (any InventorySnapshot) throws -> Value
    ) throws -> Value {
        try database.read { try body(SQLiteTransfer(db: $0)) }
    }

    package func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws {
        try database.write { try SQLiteTransfer(db: $0).fill(from: snapshot, progress: progress) }
    }

    package func loadNumbers(
        besideAtMost mostPresent: Int, _ next: (_ count: Int) throws -> [NumberContent]
    ) throws -> Int {
        try database.write { db in
            let present = try NumberQuery().count(in: db)
            guard present <= mostPresent else { throw InventoryNotEmpty(count: present) }
            var count = 0
            try db.indexingNumbersAfterwards {
                let columns = NumberContent.columns
                let statement = try db.cachedStatement(
                    sql: """
                        INSERT INTO number (\(columns.names)) VALUES (\(columns.marks))
                        ON CONFLICT (digits) DO NOTHING
                        """)
                while case let contents = try next(count), !contents.isEmpty {
                    let before = db.totalChangesCount
                    for content in contents {
                        try statement.execute(arguments: content.storedValues.arguments)
                    }
                    count += db.totalChangesCount - before
                }
            }
            return count
        }
    }
}

/// A whole inventory in one transaction, from which or to which it moves.
private struct SQLiteTransfer: InventorySnapshot, TransferTarget {
    let db: Database

    func size() throws -> InventorySize {
        InventorySize(
            numbers: try Int.fetchOne(db, sql: "SELECT count(*) FROM number") ?? 0,
            users: try Int.fetchOne(db, sql: "SELECT count(*) FROM user") ?? 0,
            lastNumberID: try lastID(of: "number"), lastUserID: try lastID(of: "user"))
    }

    func users() throws -> [(user: User, passwordHash: PasswordHash)] {
        let sql = "SELECT id, username, role, passwordHash FROM user ORDER BY id"
        return try Row.fetchAll(db, sql: sql).map { row in
            (try User(row: row), PasswordHash(stored: row[3]))
        }
    }

    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(DIDNumber.columnNames) FROM number WHERE id > ? ORDER BY id LIMIT ?
                """)
        return try DIDNumber.fetchAll(statement, arguments: [id, limit])
    }

    func insert(_ user: User, _ hash: PasswordHash) throws {
        try db.execute(
            sql: "INSERT INTO user (id, username, role, passwordHash) VALUES (?, ?, ?, ?)",
            arguments: [user.id, user.username.description, user.role.rawValue, hash.stored])
    }

    func load(_ body: (_ insert: ([DIDNumber]) throws -> Void) throws -> Void) throws {
        let columns = DIDNumber.columns
        let statement = try db.cachedStatement(
            sql: "INSERT INTO number (\(columns.names)) VALUES (\(columns.marks))")
        try db.indexingNumbersAfterwards {
            try body { numbers in
                for number in numbers {
                    try statement.execute(arguments: number.storedValues.arguments)
                }
            }
        }
    }

    func setLastIDs(number: Int64, user: Int64) throws {
        try setLastID(number, of: "number")
        try setLastID(user, of: "user")
    }

    // https://www.sqlite.org/autoinc.html
    private func lastID(of table: String) throws -> Int64 {
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        return try Int64.fetchOne(db, sql: sql, arguments: [table]) ?? 0
    }

    private func setLastID(_ id: Int64, of table: String) throws {
        try db.execute(sql: "DELETE FROM sqlite_sequence WHERE name = ?", arguments: [table])
        guard id > 0 else { return }
        try db.execute(
            sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", arguments: [table, id])
    }
}
