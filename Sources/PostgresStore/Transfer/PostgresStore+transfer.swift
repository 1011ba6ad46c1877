package import Inventory
package import Storage

extension PostgresStore: TransferableStore {
    /// Updates the statistics that PostgreSQL plans statements with.
    static let analysis = "ANALYZE (SKIP_LOCKED) number, change, change_number"

    private static let batchCount = 1000
    private static let longestFetch = Duration.seconds(600)

    package func withSnapshot<Value>(
        _ body: (any InventorySnapshot) throws -> Value
    ) throws -> Value {
        try alone(.snapshot) { try body(PostgresTransfer(transaction: $0)) }
    }

    package func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws {
        try alone(.lockingForLong) { connection in
            try connection.execute("LOCK TABLE number, \"user\" IN SHARE ROW EXCLUSIVE MODE")
            try PostgresTransfer(transaction: connection).fill(from: snapshot, progress: progress)
            try connection.execute(Self.analysis)
        }
    }

    package func loadNumbers(
        besideAtMost mostPresent: Int, _ next: (_ count: Int) throws -> [NumberContent]
    ) throws -> Int {
        try alone(.lockingForLong) { connection in
            try connection.execute("LOCK TABLE number IN SHARE ROW EXCLUSIVE MODE")
            let present = try NumberQuery().count(in: connection)
            guard present == 0 else { throw InventoryNotEmpty(count: present) }
            var count = 0
            let indexes = try DeferredIndexes(of: connection)
            while case let contents = try next(count), !contents.isEmpty {
                try connection.copy(
                    contents.map(\.storedValues), NumberContent.columns, into: "number")
                count += contents.count
            }
            try indexes.build()
            try connection.execute(Self.analysis)
            return count
        }
    }

    package func exportNumbers(
        _ query: NumberQuery, firstWithin: Duration?, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        do {
            try alone(.snapshot) { connection in
                // The server may have to sort all rows before it returns the first.
                try Self.limitStatements(to: firstWithin ?? Self.longestFetch, on: connection)
                try query.openCursor("exported", in: connection)
                var isFirst = true
                while case let rows = try connection.query(
                    "FETCH \(Self.batchCount) FROM exported"), rows.count > 0
                {
                    if isFirst { try Self.limitStatements(to: Self.longestFetch, on: connection) }
                    isFirst = false
                    try body(try rows.map(DIDNumber.init(row:)))
                }
            }
        } catch let error as PostgresError where error.sqlState == "57014" {
            throw InventoryError.tooSlow(reason: error)
        } catch let error as PostgresError where error.isTransient {
            throw InventoryError.unavailable(reason: error)
        }
    }

    private static func limitStatements(to longest: Duration, on connection: Connection) throws {
        try connection.execute("SET LOCAL statement_timeout = \(longest.inMilliseconds)")
    }
}

/// A whole inventory in one transaction.
struct PostgresTransfer: SQLTransfer {
    let transaction: Connection

    func lastID(of table: String) throws -> Int64 {
        let sql = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM \(table)_id_seq"
        return try transaction.row(sql) { try $0.integer() } ?? 0
    }

    func setLastID(_ id: Int64, of table: String) throws {
        guard id > 0 else { return }
        try transaction.query(
            "SELECT setval(pg_get_serial_sequence('\"\(table)\"', 'id'), $1)", [String(id)])
    }

    func load(_ body: (_ insert: ([DIDNumber]) throws -> Void) throws -> Void) throws {
        let indexes = try DeferredIndexes(of: transaction)
        try body { numbers in
            try transaction.copy(numbers.map(\.storedValues), DIDNumber.columns, into: "number")
        }
        try indexes.build()
    }

    func insert(_ changes: [Change]) throws {
        try transaction.copy(changes.map(\.storedValues), Change.columns, into: "change")
    }

    func insert(_ notes: [ChangeEntry]) throws {
        try transaction.copy(notes.map(\.storedValues), ChangeEntry.columns, into: "change_number")
    }
}
