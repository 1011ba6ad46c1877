internal import Foundation
internal import Inventory
internal import Storage

/// The inventory in a PostgreSQL database, which several programs may share.
package struct PostgresStore: Sendable {
    let pool: ConnectionPool
    let address: PostgresAddress
    let standbySighting = ReplicaDetector()
    let metrics: StoreMetrics
    let creations: RequestBatcher<Creation, RecordedNumber>
    let authentications: RequestBatcher<ShownToken, Authentication>

    /// Connects, and brings the schema up to date.
    ///
    /// - Parameter migrates: False to leave the schema as it is, and refuse one that is older.
    /// - Parameter creates: Whether to create the tables if there are none.
    /// - Parameter connections: How many there are at most, of ``ConnectionPool/sizes``.
    /// - Parameter startTimeout: How long to wait for a database that does not respond yet.
    /// - Parameter onWait: Called with the reason when the database must be waited for, and again every
    ///   ``waitReportInterval``.
    /// - Parameter onMigration: Called with the name of each migration that was done.
    /// - Throws: ``PostgresOpeningError``, and `NoInventory` if there are no tables and none are created.
    package init(
        _ address: PostgresAddress, connections: Int = ConnectionPool.standardSize,
        migrates: Bool = true, creates: Bool = true, startTimeout: Duration = .seconds(60),
        onWait: @Sendable (_ reason: String) -> Void = { _ in },
        onMigration: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        self.address = address
        metrics = StoreMetrics()
        creations = RequestBatcher(metrics, waiting: metrics.writers)
        authentications = RequestBatcher(metrics, waiting: metrics.readers)
        pool = ConnectionPool(address: address, size: connections)
        let end = ContinuousClock.now + startTimeout
        var nextReport = ContinuousClock.now
        var isRefused = false
        while true {
            do {
                try await pool.onThread {
                    let migrator = Migrator(address: address, onMigration: onMigration)
                    if migrates {
                        try migrator.migrate(creates: creates)
                    } else {
                        try migrator.check(creates: creates)
                    }
                }.get()
                return
            } catch let error as PostgresError where error.isTransient && !error.isPermissionDenied
            {
                let mayAnswerLater = error.sqlState != nil || address.mayAnswerLater
                // One refusal is no proof: it may have come up just before it was asked again.
                guard mayAnswerLater || !isRefused, ContinuousClock.now < end else {
                    throw PostgresOpeningError.noConnection(address, reason: error.description)
                }
                isRefused = !mayAnswerLater
                if mayAnswerLater, nextReport <= .now {
                    onWait(error.description)
                    nextReport = .now + Self.waitReportInterval
                }
                try await Task.sleep(for: .milliseconds(500))
            } catch let error as PostgresError {
                throw PostgresOpeningError.failed(address, reason: error.advice)
            }
        }
    }

    /// How often a database that is waited for is reported.
    private static let waitReportInterval = Duration.seconds(10)

    package func close() async {
        await pool.close()
    }
}
