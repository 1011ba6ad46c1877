internal import Foundation
internal import GRDB
package import Inventory
internal import Threads

/// The inventory in one SQLite file.
package struct SQLiteStore: InventoryStore {
    let database: any DatabaseWriter
    /// For what every request looks up: a connection of its own, so that nothing slow is before it.
    let lookups: any DatabaseReader
    let sessionCache = SessionCache()
    /// Nil in memory, where the connection for look-ups is the one that writes.
    let file: DatabaseFile?
    let readers: WorkThreads
    let writer: SharedCommit

    private static let mostWaitingReads = 2000

    /// Opens the database file, which is made with its folder where it is missing, and brings its
    /// schema up to date.
    ///
    /// - Throws: ``OpeningError``.
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
            throw OpeningError(error, path: path)
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
            throw OpeningError.newerSchema(path: path)
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

/// Why an inventory cannot be opened, as a sentence for who started the program.
package enum OpeningError: Error, CustomStringConvertible {
    case noFolder(path: String)
    case notADatabase(path: String)
    case notWritable(path: String)
    case newerSchema(path: String)
    case failed(path: String, reason: String)

    init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self = .notADatabase(path: path)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            self = .notWritable(path: path)
        default:
            self = .failed(path: path, reason: error.message ?? "\(error.resultCode)")
        }
    }

    package var description: String {
        switch self {
        case .noFolder(let path):
            "The folder \(path) for the database is not there and cannot be made."
        case .notADatabase(let path):
            "\(path) is not an inventory: it is no SQLite database, or a damaged one."
        case .notWritable(let path):
            "The database file \(path) cannot be opened for writing."
        case .newerSchema(let path):
            "\(path) was written by a newer carrier than this one. Start that one, or restore a backup."
        case .failed(let path, let reason):
            "The database file \(path) cannot be opened: \(reason)."
        }
    }
}

extension SQLiteStore {
    /// What SQLite answers to a PRAGMA on the writing connection.
    ///
    /// For tests.
    package func pragma(_ name: String) throws -> String? {
        try database.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    /// How SQLite goes about a query.
    ///
    /// For tests and benchmarks.
    package func plan(of query: NumberQuery) throws -> String {
        try database.read { db in
            let rows = query.rows(of: max(try query.count(db), query.offset + 1))
            let statement = try rows.makePreparedRequest(db).statement
            return try Row.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN " + statement.sql, arguments: statement.arguments
            ).map { $0["detail"] as String }.joined(separator: "\n")
        }
    }
}
