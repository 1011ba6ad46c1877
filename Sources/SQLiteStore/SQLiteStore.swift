internal import Foundation
internal import GRDB
internal import Inventory
internal import Threads

/// The inventory in one SQLite file.
package struct SQLiteStore: InventoryStore {
    let database: any DatabaseWriter
    /// For what every request looks up: a connection of its own, so that nothing slow is before it.
    let lookups: any DatabaseReader
    let sessionCache = SessionCache()
    /// Nil where the inventory is in memory: there the connection for look-ups is the one that writes.
    let file: DatabaseFile?
    let readers: WorkThreads
    let metrics = StoreMetrics()
    let writer: SharedCommit

    private static let mostWaitingReads = 2000

    /// Opens the database file, which is made with its folder where it is missing, and brings its
    /// schema up to date.
    ///
    /// - Throws: ``SQLiteOpeningError``.
    package init(path: String) throws {
        try DatabaseFile.make(at: path)
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            // A commit must survive a power cut. DatabasePool sets NORMAL when it turns the
            // write-ahead log on, after `prepareDatabase` has run, so this cannot stand there.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Self.migrate(pool, path: path)
            database = pool
            lookups = try DatabaseQueue(path: path, configuration: Self.lookupConfiguration)
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
        try Self.migrate(queue, path: ":memory:")
        database = queue
        lookups = queue
        file = nil
        writer = SharedCommit(of: queue, file: nil)
        readers = Self.readerThreads
    }

    private static func migrate(_ database: any DatabaseWriter, path: String) throws {
        let migrator = Schema.migrator
        guard try !database.read(migrator.hasBeenSuperseded) else {
            throw SQLiteOpeningError.newerSchema(path: path)
        }
        while true {
            let before = try database.read(migrator.appliedIdentifiers)
            do {
                return try migrator.migrate(database)
            } catch let error as DatabaseError {
                // Another program that started with us may have been quicker with a migration: then
                // we go on from there.
                guard try database.read(migrator.appliedIdentifiers) != before else { throw error }
            }
        }
    }

    /// Waits for what runs, folds the write-ahead log into the file and closes it.
    package func close() throws {
        try lookups.close()
        let result = Result { try foldLog() }
        try database.close()
        try result.get()
    }

    /// Writes into the file what is in the log alone, so that who copies the one file has it all.
    private func foldLog() throws {
        do {
            try database.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA busy_timeout = 1000")
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
            // The pool's readers would wait twice as long as its writer.
            if db.configuration.readonly { try db.execute(sql: "PRAGMA busy_timeout = 2000") }
        }
        configuration.maximumReaderCount = readerCount
        return configuration
    }

    /// Reads are short and the machine's cores few: more readers than this only queue elsewhere.
    private static let readerCount = max(4, ProcessInfo.processInfo.activeProcessorCount)

    private static var readerThreads: WorkThreads {
        WorkThreads(count: readerCount, mostWaiting: mostWaitingReads)
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
