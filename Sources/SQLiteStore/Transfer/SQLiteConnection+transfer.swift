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

extension SQLiteConnection: SQLTransfer {
    package var transaction: SQLiteConnection { self }

    package func load(_ body: (_ insert: ([DIDNumber]) throws -> Void) throws -> Void) throws {
        let columns = DIDNumber.columns
        let insertion = try statement(
            "INSERT INTO number (\(columns.names)) VALUES (\(columns.parameters))")
        try rebuildingNumberIndexes {
            try body { numbers in
                for number in numbers { try insertion.execute(number.storedValues) }
            }
        }
    }

    package func insert(_ changes: [Change]) throws {
        for change in changes { try insert(change) }
    }
}
