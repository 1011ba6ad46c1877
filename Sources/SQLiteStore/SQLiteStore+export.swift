internal import GRDB
package import Inventory

extension SQLiteStore {
    private static let batchCount = 1000

    package func exportNumbers(
        _ query: NumberQuery, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        try passingErrorsAsUnavailable {
            try file?.checkIsSame()
            try exporter().read { db in
                try query.forEachBatch(in: db, count: Self.batchCount, body)
            }
        }
    }

    /// A connection for one export, since it may take minutes and those for requests are few; in memory
    /// there is one connection.
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
