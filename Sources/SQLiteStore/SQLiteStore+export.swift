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

    /// A connection for one export, because it may take minutes, and those for reads are few; in
    /// memory there is one connection.
    private func exporter() throws -> any DatabaseReader {
        guard let file else { return database }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(2)
        configuration.label = "inventory export"
        return try DatabaseQueue(path: file.path, configuration: configuration)
    }
}
