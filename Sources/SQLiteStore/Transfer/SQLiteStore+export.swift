internal import GRDB
package import Inventory
package import Storage

extension SQLiteStore {
    private static let batchCount = 1000

    package func exportNumbers(
        _ query: NumberQuery, firstWithin: Duration?, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        try mappingTransientErrors {
            try file?.checkIsSame()
            let deadline = firstWithin.map { ContinuousClock.now + $0 }
            try exporter().read { db in
                try db.interrupting(at: deadline) {
                    try query.forEachBatch(in: db, count: Self.batchCount) { numbers in
                        db.interruptNoMore()
                        try body(numbers)
                    }
                }
            }
        }
    }

    /// A connection for one export or dry run, since it may take minutes and those for requests are few; in
    /// memory there is one connection.
    func exporter() throws -> any DatabaseReader {
        guard let file else { return database }
        return try Self.connection(path: file.path, isReadOnly: true)
    }

    /// A connection on its own, for what takes long.
    ///
    /// - Parameter isReadOnly: Whether SQLite opens the file so; then it forgets the tables' rules
    ///   (CHECK), and cannot hold rows against them.
    static func connection(path: String, isReadOnly: Bool) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(2)
        configuration.label = "inventory as a whole"
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
