internal import Foundation
internal import Inventory

/// The inventory in a PostgreSQL database, which several programs may share.
package struct PostgresStore: Sendable {
    let pool: ConnectionPool
    let address: PostgresAddress

    /// Connects, and brings the schema up to date.
    ///
    /// - Parameter patience: How long to wait for a database that does not answer yet.
    /// - Parameter onWait: Called once when it has to.
    /// - Throws: ``PostgresOpeningError``.
    package init(
        _ address: PostgresAddress, patience: Duration = .seconds(60),
        onWait: @Sendable () -> Void = {}
    ) async throws {
        self.address = address
        pool = ConnectionPool(address: address)
        let end = ContinuousClock.now + patience
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

    /// How many connections are in use.
    ///
    /// For tests.
    package var lentConnectionCount: Int { get async { await pool.lentCount } }

    /// Runs statements on a connection of their own.
    ///
    /// For tests and benchmarks.
    package static func execute(_ statements: String, at address: PostgresAddress) async throws {
        try Connection(address).execute(statements, timeout: nil)
    }

    package func close() async {
        await pool.close()
    }
}

/// Why an inventory cannot be opened, as a sentence for who started the program.
package enum PostgresOpeningError: Error, CustomStringConvertible {
    case noConnection(PostgresAddress, reason: String)
    case newerSchema
    case failed(PostgresAddress, reason: String)

    package var description: String {
        switch self {
        case .noConnection(let address, let reason):
            "Cannot connect to the database \(address): \(reason)"
        case .newerSchema:
            "The database was written by a newer carrier than this one. Start that one, or restore a backup."
        case .failed(let address, let reason):
            "The database \(address) cannot be used: \(reason)."
        }
    }
}
