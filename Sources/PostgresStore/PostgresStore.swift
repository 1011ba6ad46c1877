internal import Foundation
package import Inventory
package import Storage
internal import Synchronization
internal import Threads

/// The inventory in a PostgreSQL database, which several programs may share.
package struct PostgresStore: Sendable {
    /// How often a startup message repeats that the database does not respond.
    private static let waitReportInterval = Duration.seconds(10)

    let pool: ConnectionPool
    let address: PostgresAddress
    let defersIndexes: Bool
    let replicaDetector = ReplicaDetector()
    let metrics: StoreMetrics
    let creations: RequestBatcher<Creation, RecordedNumber>
    let authentications: RequestBatcher<(digest: TokenDigest, now: Date), Authentication>

    /// - Parameter migrates: If false, an older schema is an error.
    /// - Parameter finishes: Whether to run final migrations in an existing inventory.
    /// - Parameter creates: Whether to create the tables if there are none.
    /// - Parameter connections: How many connections the pool may open: one of
    ///   ``ConnectionPool/sizes``.
    /// - Parameter defersIndexes: Whether a large import into an empty inventory may lock out
    ///   readers to build the indexes afterwards; false for servers.
    /// - Parameter startTimeout: How long to wait for a database that does not respond yet.
    /// - Parameter onWait: Called with the reason for the wait, and again every
    ///   `waitReportInterval`.
    /// - Throws: ``OpeningError``, and `NoInventory` if there are no tables and none are created.
    package init(
        _ address: PostgresAddress, connections: Int = ConnectionPool.standardSize,
        migrates: Bool = true, finishes: Bool = false, creates: Bool = true,
        defersIndexes: Bool = false,
        startTimeout: Duration = .seconds(60),
        onWait: @Sendable (_ reason: String) -> Void = { _ in },
        onMigration: @escaping MigrationReport = { _, _ in }
    ) async throws {
        self.address = address
        self.defersIndexes = defersIndexes
        metrics = StoreMetrics()
        creations = RequestBatcher(metrics, waiting: metrics.writers)
        authentications = RequestBatcher(metrics, waiting: metrics.readers)
        pool = ConnectionPool(address: address, size: connections)
        let end = ContinuousClock.now + startTimeout
        var nextReport = ContinuousClock.now
        var isRefused = false
        while true {
            do {
                try await pool.threads.run {
                    let migrator = Migrator(
                        address: address, finishes: finishes, onMigration: onMigration)
                    try migrates
                        ? migrator.migrate(creates: creates) : migrator.check(creates: creates)
                }
                return
            } catch let error as PostgresError where error.isTransient && !error.isPermissionDenied
            {
                let mayRespondLater = error.sqlState != nil || address.mayRespondLater
                // Try again after one refused connection: the server may have started just before
                // the ping.
                guard mayRespondLater || !isRefused, ContinuousClock.now < end else {
                    throw OpeningError.noConnection(
                        place: "\(address)", reason: error.description)
                }
                isRefused = !mayRespondLater
                if mayRespondLater, nextReport <= .now {
                    onWait(error.description)
                    nextReport = .now + Self.waitReportInterval
                }
                try await Task.sleep(for: .milliseconds(500))
            } catch let error as PostgresError {
                throw OpeningError.failed(place: "\(address)", reason: error.advice)
            }
        }
    }

    package func close() async {
        await pool.close()
    }
}

extension PostgresStore {
    package func state() async throws -> StoreStateToken? {
        try await transaction(.query) { connection in
            try connection.row("SELECT \(StoreStateToken.sql)") { try state(&$0) } ?? nil
        }
    }

    /// Reads a column with ``StoreStateToken/sql``; nil if the state is not known.
    func state(_ row: inout PostgresRow) throws -> StoreStateToken? {
        guard let name = try row.optionalText(), !replicaDetector.hasSeenReplica else { return nil }
        return StoreStateToken(name)
    }

    package func checkReadiness() async throws {
        let sqlState = try await sqlStateOfWrites()
        guard sqlState != "" else { return }
        throw InventoryError.notWritable(
            reason: PostgresError(
                sqlState: sqlState,
                description: "the database is read only, or the role may not write"))
    }

    package func checkReads() async throws { _ = try await sqlStateOfWrites() }

    /// Reads all tables, and returns the SQLSTATE with which a write would fail; empty if it would
    /// succeed.
    private func sqlStateOfWrites() async throws -> String? {
        do {
            return try await transaction(.query) { connection in
                let tables = Schema.tables.map { ", (SELECT 1 FROM \($0) LIMIT 1)" }.joined()
                let isGranted =
                    Schema.tables.map { "has_table_privilege('\($0)', 'INSERT')" }
                    .joined(separator: " AND ")
                    // Imports and bulk changes stage their numbers in a temporary table.
                    + " AND has_database_privilege(current_database(), 'TEMPORARY')"
                return try connection.row(
                    """
                    SELECT CASE WHEN current_setting('transaction_read_only') = 'on' THEN '25006'
                    WHEN NOT (\(isGranted)) THEN '42501' ELSE '' END
                    """ + tables
                ) { $0.text() }
            }
        } catch let error as PostgresError {
            throw InventoryError.unavailable(reason: error)
        }
    }
}

extension StoreStateToken {
    /// Two statements of a server with the same snapshot see the same rows
    /// (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT). After
    /// a failover or a crash, a server may reuse transaction ids, so its start time and the end of
    /// its log are included. A standby does not report running transactions, so its state is NULL.
    static let sql = """
        CASE WHEN pg_is_in_recovery() THEN NULL
        ELSE pg_current_snapshot()::text || ' ' || pg_current_wal_insert_lsn()
            || ' ' || extract(epoch FROM pg_postmaster_start_time())
        END
        """
}

/// An address may lead to several servers: one connection to the primary, the next to a replica
/// that lags behind. The primary's state does not describe what was read from a replica, so once a
/// replica has responded, the state is never known.
final class ReplicaDetector: Sendable {
    private let wasSeen = Atomic(false)

    var hasSeenReplica: Bool { wasSeen.load(ordering: .acquiring) }

    func note(_ connection: Connection) {
        if connection.isOnStandby { wasSeen.store(true, ordering: .releasing) }
    }
}
