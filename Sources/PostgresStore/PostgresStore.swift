internal import Foundation
internal import Inventory

/// The inventory in a PostgreSQL database, which several programs may share.
package struct PostgresStore: Sendable {
    let pool: ConnectionPool
    let address: PostgresAddress
    let standbySighting = StandbySighting()
    let metrics = StoreMetrics()

    /// Connects, and brings the schema up to date.
    ///
    /// - Parameter startTimeout: How long to wait for a database that does not answer yet.
    /// - Parameter onWait: Called once when it has to.
    /// - Throws: ``PostgresOpeningError``.
    package init(
        _ address: PostgresAddress, startTimeout: Duration = .seconds(60),
        onWait: @Sendable () -> Void = {}
    ) async throws {
        self.address = address
        pool = ConnectionPool(address: address)
        let end = ContinuousClock.now + startTimeout
        var isWaiting = false
        var isRefused = false
        while true {
            do {
                try await pool.onThread {
                    // Behind a proxy, other programs may start on the same connection.
                    try Schema.migrate(Connection(address, Preparation(isOn: false)))
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
