package import Inventory
package import Storage

extension PostgresStore {
    private static let batchCount = 1000
    private static let longestFetch = Duration.seconds(600)

    package func withSnapshot<Value>(
        _ body: (any InventorySnapshot) throws -> Value
    ) throws -> Value {
        try alone(.snapshot) { try body($0) }
    }

    package func write<Value>(blocking body: (Connection) throws -> Value) throws -> Value {
        try alone(.longWrite) { connection in
            let value = try body(connection)
            try connection.analyze()
            return value
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
                    try body(try rows.map(DIDNumber.init))
                }
            }
        } catch let error as PostgresError where error.isStatementTimeout {
            throw InventoryError.tooSlow(reason: error)
        } catch let error as PostgresError where error.isTransient {
            throw InventoryError.unavailable(reason: error)
        }
    }

    private static func limitStatements(to longest: Duration, on connection: Connection) throws {
        try connection.execute("SET LOCAL statement_timeout = \(longest.inMilliseconds)")
    }
}
