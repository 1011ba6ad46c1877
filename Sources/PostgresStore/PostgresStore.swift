internal import Foundation
internal import Inventory

/// The inventory in a PostgreSQL database, which several programs may share.
package struct PostgresStore: Sendable {
    let pool: ConnectionPool
    let address: PostgresAddress
    let standbySighting = StandbySighting()
    let metrics: StoreMetrics
    let creations: SharedStatement<Creation, RecordedNumber>
    let authentications: SharedStatement<ShownToken, Authentication>

    /// Connects, and brings the schema up to date.
    ///
    /// - Parameter migrates: False to leave the schema as it is, and refuse one that is older.
    /// - Parameter connections: How many there are at most, of ``ConnectionPool/sizes``.
    /// - Parameter startTimeout: How long to wait for a database that does not answer yet.
    /// - Parameter onWait: Called once when it has to.
    /// - Parameter onMigration: Told the name of each migration that was done.
    /// - Throws: ``PostgresOpeningError``.
    package init(
        _ address: PostgresAddress, connections: Int = ConnectionPool.standardSize,
        migrates: Bool = true, startTimeout: Duration = .seconds(60),
        onWait: @Sendable () -> Void = {},
        onMigration: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        self.address = address
        metrics = StoreMetrics()
        creations = SharedStatement(metrics, as: metrics.writers)
        authentications = SharedStatement(metrics, as: metrics.readers)
        pool = ConnectionPool(address: address, size: connections)
        let end = ContinuousClock.now + startTimeout
        var isWaiting = false
        var isRefused = false
        while true {
            do {
                try await pool.onThread {
                    let migrator = Migrator(address: address, onMigration: onMigration)
                    if migrates { try migrator.migrate() } else { try migrator.check() }
                }.get()
                return
            } catch let error as PostgresError where error.isPassing {
                let mayAnswerLater = error.sqlState != nil || address.mayAnswerLater
                // One refusal is no proof: it may have come up just before it was asked again.
                guard mayAnswerLater || !isRefused, ContinuousClock.now < end else {
                    throw PostgresOpeningError.noConnection(address, reason: error.description)
                }
                isRefused = !mayAnswerLater
                if mayAnswerLater, !isWaiting {
                    onWait()
                    isWaiting = true
                }
                try await Task.sleep(for: .milliseconds(500))
            } catch let error as PostgresError {
                throw PostgresOpeningError.failed(address, reason: error.description)
            }
        }
    }

    package func close() async {
        await pool.close()
    }
}
