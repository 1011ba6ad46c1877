package import Inventory
package import Storage

extension SQLiteStore: TransferableStore {
    package func withSnapshot<Value>(
        _ body: (any InventorySnapshot) throws -> Value
    ) throws -> Value {
        let connection = try file.map { try SharedConnection(path: $0.path) }
        return try (connection ?? database).read(body)
    }

    package func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws {
        try database.write { try $0.fill(from: snapshot, progress: progress) }
    }

    package func loadNumbers(
        besideAtMost mostPresent: Int, _ next: (_ count: Int) throws -> [NumberContent]
    ) throws -> Int {
        try database.write { db in
            let present = try NumberQuery().count(in: db)
            guard present <= mostPresent else { throw InventoryNotEmpty(count: present) }
            let columns = NumberContent.columns
            let insertion = try db.statement(
                """
                INSERT INTO number (\(columns.names)) VALUES (\(columns.parameters))
                ON CONFLICT (digits) DO NOTHING
                """)
            var count = 0
            try db.rebuildingNumberIndexes {
                while case let contents = try next(count), !contents.isEmpty {
                    let before = db.totalChangeCount
                    for content in contents { try insertion.execute(content.storedValues) }
                    count += db.totalChangeCount - before
                }
            }
            return count
        }
    }
}

extension SQLiteConnection: InventorySnapshot, TransferTarget {
    func size() throws -> InventorySize {
        InventorySize(
            numbers: try count(of: "number"), users: try count(of: "user"),
            changes: try count(of: "change"), changedNumbers: try count(of: "change_number"),
            lastIDs: InventorySize.LastIDs(
                number: try lastID(of: "number"), user: try lastID(of: "user"),
                change: try lastID(of: "change")))
    }

    private func count(of table: String) throws -> Int {
        try count("SELECT count(*) FROM \(table)")
    }

    func users() throws -> [(user: User, passwordHash: PasswordHash)] {
        try rows("SELECT id, username, role, passwordHash FROM user ORDER BY id") { row in
            (try User(row: &row), PasswordHash(stored: try row.text()))
        }
    }

    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber] {
        try rows(
            "SELECT \(DIDNumber.columnNames) FROM number WHERE id > ? ORDER BY id LIMIT ?",
            [.integer(id), .integer(Int64(limit))], as: DIDNumber.init(from:))
    }

    func changes(after id: Int64, limit: Int) throws -> [ChangeRecord] {
        try rows(
            "SELECT \(ChangeRecord.columns.names) FROM change WHERE id > ? ORDER BY id LIMIT ?",
            [.integer(id), .integer(Int64(limit))], as: ChangeRecord.init(from:))
    }

    func notes(after last: ChangeEntry.Key, limit: Int) throws -> [ChangeEntry] {
        try rows(
            """
            SELECT \(ChangeEntry.columns.names) FROM change_number
            WHERE (change, number) > (?, ?) ORDER BY change, number LIMIT ?
            """, [.integer(last.change), .integer(last.number), .integer(Int64(limit))],
            as: ChangeEntry.init(from:))
    }

    func insert(_ user: User, _ hash: PasswordHash) throws {
        try execute(
            "INSERT INTO user (id, username, role, passwordHash) VALUES (?, ?, ?, ?)",
            [
                .integer(user.id), .text(user.username.description), .text(user.role.rawValue),
                .text(hash.stored),
            ])
    }

    func load(_ body: (_ insert: ([DIDNumber]) throws -> Void) throws -> Void) throws {
        let columns = DIDNumber.columns
        let insertion = try statement(
            "INSERT INTO number (\(columns.names)) VALUES (\(columns.parameters))")
        try rebuildingNumberIndexes {
            try body { numbers in
                for number in numbers { try insertion.execute(number.storedValues) }
            }
        }
    }

    func insert(_ changes: [ChangeRecord]) throws {
        for change in changes { try insert(change) }
    }

    func setLastIDs(_ ids: InventorySize.LastIDs) throws {
        try setLastID(ids.number, of: "number")
        try setLastID(ids.user, of: "user")
        try setLastID(ids.change, of: "change")
    }
}
