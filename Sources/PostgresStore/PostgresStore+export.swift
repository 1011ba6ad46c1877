package import Inventory

extension PostgresStore {
    private static let batchCount = 1000
    private static let longestFetch = Duration.seconds(600)

    package func exportNumbers(
        _ query: NumberQuery, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        do {
            try alone(.snapshot) { connection in
                // The first rows may have to wait for all of them to be sorted.
                try connection.execute(
                    "SET LOCAL statement_timeout = \(Self.longestFetch.inMilliseconds)")
                try query.openCursor("exported", in: connection)
                let fetching = "FETCH \(Self.batchCount) FROM exported"
                while case let rows = try connection.query(fetching, timeout: nil),
                    rows.count > 0
                {
                    try body(try rows.map(DIDNumber.init(row:)))
                }
            }
        } catch let error as PostgresError where error.isPassing {
            throw InventoryError.unavailable(reason: error)
        }
    }
}
