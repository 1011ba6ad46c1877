internal import Foundation
internal import GRDB
internal import Inventory
internal import Storage
internal import Threads

/// The inventory in one SQLite file.
package struct SQLiteStore: InventoryStore {
    let database: any DatabaseWriter
    /// For what every request looks up: a connection of its own, so that nothing slow is before it.
    let lookups: any DatabaseReader
    let readConnections: ReadConnections
    let sessionCache = SessionCache()
    /// It is nil where the inventory is in memory: there the connection for look-ups is the one that writes.
    let file: DatabaseFile?
    let readers: BlockingThreadPool
    let metrics = StoreMetrics()
    let probe = WriteProbe()
    let writer: SharedCommit

    private static let mostWaitingReads = 2000

    /// Opens the database file, and brings its schema up to date.
    ///
    /// - Parameter migrates: False to leave the schema as it is, and refuse one that is older.
    /// - Parameter creates: Whether to create the file, its folder and the tables if they are missing.
    /// - Parameter onMigration: Called with the name of each migration that was done.
    /// - Throws: ``SQLiteOpeningError``, and `NoInventory` if there is none and none is created.
    package init(
        path: String, migrates: Bool = true, creates: Bool = true,
        onMigration: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        if creates, migrates {
            try DatabaseFile.make(at: path)
        } else {
            try Self.withFile(path) { _, _ in }
        }
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            // A commit must survive a power cut. DatabasePool sets NORMAL when it turns the
            // write-ahead log on, after `prepareDatabase` has run, so this cannot stand there.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let migrator = Migrator(path: path, onMigration: onMigration)
            if migrates { try migrator.migrate(pool) } else { try migrator.check(pool) }
            database = pool
            lookups = try DatabaseQueue(path: path, configuration: Self.lookupConfiguration)
            readConnections = ReadConnections {
                try DatabaseQueue(path: path, configuration: Self.readConfiguration)
            }
            file = DatabaseFile(path: path)
            writer = SharedCommit(of: database, file: file)
            readers = Self.readerThreads
        } catch let error as DatabaseError {
            throw SQLiteOpeningError(error, path: path)
        }
    }

    /// An inventory in memory, which ends with the value.
    package init() throws {
        let queue = try DatabaseQueue(configuration: Self.configuration)
        try Migrator(path: ":memory:").migrate(queue)
        database = queue
        lookups = queue
        readConnections = ReadConnections { queue }
        file = nil
        writer = SharedCommit(of: queue, file: nil)
        readers = Self.readerThreads
    }

    /// Waits for what runs, folds the write-ahead log into the file and closes it.
    package func close() throws {
        try lookups.close()
        try readConnections.close()
        let result = Result { try foldLog() }
        try database.close()
        try result.get()
    }

    /// Writes into the file what is in the log alone, so that who copies the one file has it all.
    func foldLog() throws {
        do {
            try database.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA busy_timeout = 1000")
                defer { try? db.execute(sql: "PRAGMA busy_timeout = 5000") }
                try db.checkpoint(.truncate)
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Another program reads or writes; the log stays for it, and is as durable as the file.
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.label = "inventory"
        configuration.prepareDatabase { db in
            // A change of very many numbers makes the write-ahead log as large; it shall not stay so:
            // https://www.sqlite.org/pragma.html#pragma_journal_size_limit
            try db.execute(sql: "PRAGMA journal_size_limit = \(64 << 20)")
            // Who reads waits for nobody but a program that recovers or closes the file.
            if db.configuration.readonly { try db.execute(sql: "PRAGMA busy_timeout = 2000") }
        }
        return configuration
    }

    /// Reads are short and the machine's cores few: more readers than this only queue elsewhere.
    private static let readerCount = max(4, ProcessInfo.processInfo.activeProcessorCount)

    private static var readerThreads: BlockingThreadPool {
        BlockingThreadPool(count: readerCount, mostWaiting: mostWaitingReads)
    }

    private static var readConfiguration: Configuration {
        var configuration = configuration
        configuration.readonly = true
        return configuration
    }

    private static var lookupConfiguration: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        // Who looks up has no time to wait.
        configuration.busyMode = .immediateError
        configuration.label = "inventory lookups"
        return configuration
    }
}
