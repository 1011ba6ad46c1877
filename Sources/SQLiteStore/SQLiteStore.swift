internal import CSQLite
internal import Foundation
internal import Inventory
package import Storage
internal import Threads

/// The inventory in one SQLite file.
package struct SQLiteStore: Sendable {
    private static let mostWaitingReads = 2000

    /// Reads are short and use a processor, so more threads than processors would not help.
    private static let readerCount = max(4, ProcessInfo.processInfo.activeProcessorCount)

    /// The connection that writes.
    let database: SharedConnection
    /// The connection that authenticates requests, so that they do not queue behind slower reads.
    let lookups: SharedConnection
    let readConnections: ReadConnections
    let readers = BlockingThreadPool(count: readerCount, mostWaiting: mostWaitingReads)
    let sessionCache = SessionCache()
    /// Nil if the database is in memory; then one connection does everything.
    let file: DatabaseFile?
    let metrics = StoreMetrics()
    let probe = WriteProbe()
    let writer: GroupCommit

    /// - Parameter migrates: If false, an older schema is an error.
    /// - Parameter finishes: Whether to run final migrations in an existing inventory.
    /// - Parameter creates: Whether to create the file, its folder and the tables if they are
    ///   missing.
    /// - Throws: ``OpeningError``, and `NoInventory` if there is no inventory and none is created.
    package init(
        path: String, migrates: Bool = true, finishes: Bool = false, creates: Bool = true,
        onMigration: @escaping MigrationReport = { _, _ in }
    ) throws {
        if creates, migrates {
            try DatabaseFile.create(at: path)
        } else {
            try Self.withFile(path) { _, _ in }
        }
        do {
            database = try SharedConnection(path: path, busyTimeout: .seconds(5))
            try database.use { try Self.prepareForWriting($0, path: path) }
            let migrator = Migrator(path: path, finishes: finishes, onMigration: onMigration)
            if migrates { try migrator.migrate(database) } else { try migrator.check(database) }
            // Authentication on an event loop must not wait.
            lookups = try SharedConnection(path: path, isReadOnly: true, busyTimeout: .zero)
            readConnections = ReadConnections { try SharedConnection(path: path, isReadOnly: true) }
            file = DatabaseFile(path: path)
            writer = GroupCommit(database, file)
        } catch let error as SQLiteError {
            throw OpeningError(error, path: path)
        }
    }

    /// An inventory in memory, which is lost when this value is released.
    package init() throws {
        let database = try SharedConnection()
        try Migrator(path: ":memory:").migrate(database)
        self.database = database
        lookups = database
        readConnections = ReadConnections { database }
        file = nil
        writer = GroupCommit(database, nil)
    }

    private static func prepareForWriting(_ db: SQLiteConnection, path: String) throws {
        // The write-ahead log gets as large as the largest change. Truncate the file afterwards:
        // https://www.sqlite.org/pragma.html#pragma_journal_size_limit.
        try db.runScript("PRAGMA journal_size_limit = \(64 << 20)")
        let mode = try db.row("PRAGMA journal_mode = WAL", isCached: false) { try $0.text() }
        guard mode == "wal" else {
            throw SQLiteError(SQLITE_ERROR, "the journal mode is \(mode ?? "unknown")")
        }
        // A commit must survive a power cut.
        try db.runScript("PRAGMA synchronous = FULL")
        // Debian's SQLite overwrites all that is deleted; do so only in pages that are written
        // anyway. The pages of a dropped or merged index then stay out of the log.
        try db.runScript("PRAGMA secure_delete = FAST")
        // Write now, so that a full or read-only disk is reported at the start. If the log is not
        // empty, another program that uses the file has written already.
        if DatabaseFile.hasEmptyLog(path) { try db.write(writePage) }
    }

    /// Writes a page of the file without changing its content, to find out whether writes succeed.
    static func writePage(_ db: SQLiteConnection) throws {
        let version = try db.count("PRAGMA user_version", isCached: false)
        try db.runScript("PRAGMA user_version = \(version)")
    }

    /// Waits for running requests, and copies the write-ahead log into the file.
    package func close() throws {
        lookups.close()
        readConnections.close()
        defer { database.close() }
        try foldLog()
    }

    /// Copies the write-ahead log into the file, so the file alone is complete. If another program
    /// uses the file, the log stays, which is as durable as the file.
    func foldLog() throws {
        try database.use { db in
            try db.withBusyTimeout(.seconds(1)) {
                try db.runScript("PRAGMA wal_checkpoint(TRUNCATE)")
            }
        }
    }
}
