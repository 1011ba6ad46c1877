internal import GRDB
package import Inventory
package import Storage

extension SQLiteStore: TransferableStore {
    package func withSnapshot<Value>(
        _ body: (any InventorySnapshot) throws -> Value
    ) throws -> Value {
        guard let file else { return try database.withTransfer(body) }
        return try Self.connection(path: file.path, isReadOnly: false).withTransfer(body)
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
                        try statement.execute(content.storedValues)
                    }
                    count += db.totalChangesCount - before
                }
            }
            return count
        }
    }
}

extension DatabaseReader {
    /// Calls `body` with all that is there at one moment.
    func withTransfer<Value>(_ body: (SQLiteTransfer) throws -> Value) throws -> Value {
        try unsafeRead { db in
            try db.beginTransaction(.deferred)
            // Nothing was changed; what a check made for itself goes.
            defer { try? db.rollback() }
            return try body(SQLiteTransfer(db: db))
        }
    }
}

/// A whole inventory in one transaction, from which or to which it moves.
struct SQLiteTransfer: InventorySnapshot, TransferTarget {
    let db: Database

    func size() throws -> InventorySize {
        InventorySize(
            numbers: try count(of: "number"), users: try count(of: "user"),
            changes: try count(of: "change"), changedNumbers: try count(of: "change_number"),
            lastIDs: InventorySize.LastIDs(
                number: try db.lastID(of: "number"), user: try db.lastID(of: "user"),
                change: try db.lastID(of: "change")))
    }

    private func count(of table: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
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
        return try DIDNumber.fetchAll(statement, [.integer(id), .integer(Int64(limit))])
    }

    func changes(after id: Int64, limit: Int) throws -> [ChangeRecord] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(ChangeRecord.columns.names) FROM change WHERE id > ? ORDER BY id LIMIT ?
                """)
        return try ChangeRecord.fetchAll(statement, [.integer(id), .integer(Int64(limit))])
    }

    func notes(after last: ChangeEntry.Key, limit: Int) throws -> [ChangeEntry] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(ChangeEntry.columns.names) FROM change_number
                WHERE (change, number) > (?, ?) ORDER BY change, number LIMIT ?
                """)
        return try ChangeEntry.fetchAll(
            statement,
            [.integer(last.change), .integer(last.number), .integer(Int64(limit))])
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
                    try statement.execute(number.storedValues)
                }
            }
        }
    }

    func insert(_ changes: [ChangeRecord]) throws {
        for change in changes { try SQLiteChangeTransaction(db: db).insert(change) }
    }

    func insert(_ notes: [ChangeEntry]) throws {
        try SQLiteChangeTransaction(db: db).insert(notes)
    }

    func setLastIDs(_ ids: InventorySize.LastIDs) throws {
        try db.setLastID(ids.number, of: "number")
        try db.setLastID(ids.user, of: "user")
        try db.setLastID(ids.change, of: "change")
    }
}
