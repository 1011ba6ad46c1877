internal import GRDB
internal import GRDBSQLite
internal import Inventory
internal import Storage
internal import Threads

extension SQLiteStore {
    /// How long a request waits: for its turn, and for other programs that write to the file.
    static let waitTimeout = Duration.seconds(5)

    /// How long a read may take once its turn has come.
    private static let longestRead = Duration.seconds(5)

    /// - Throws: ``InventoryError/tooSlow(reason:)`` where it takes longer than ``longestRead``,
    ///   ``InventoryError/unavailable(reason:)``, and what `body` throws.
    ///
    /// - Parameter operation: What the log calls it.
    func read<Value: Sendable>(
        operation: String = #function, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await measureReading(operation) {
            try file?.checkNowAndThen()
            let deadline = ContinuousClock.now + Self.longestRead
            return try readConnections.read { db in
                try db.interrupting(at: deadline) { try body(db) }
            }
        }
    }

    /// Reads one state of the database for as long as it takes, on a connection of its own: the others are
    /// few, and who writes goes on.
    func readForLong<Value: Sendable>(
        operation: String = #function, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await measureReading(operation) {
            try file?.checkIsSame()
            return try exporter().read(body)
        }
    }

    private func measureReading<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let operation = DatabaseOperation(operation)
        return try await mappingTransientErrors {
            try await withReader { try operation.measure(body) }
        }
    }

    /// - Throws: ``BlockingThreadPool/Busy``, and what `body` throws.
    private func withReader<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        metrics.readers.beginWaiting()
        do {
            return try await readers.run(before: .now + Self.waitTimeout) {
                metrics.readers.endWaiting()
                metrics.readers.beginUse()
                defer { metrics.readers.endUse() }
                return try body()
            }
        } catch let error as BlockingThreadPool.Busy {
            metrics.readers.endWaiting()
            throw error
        }
    }

    /// - Parameter isAlone: See ``writeAlone(operation:_:)``.
    /// - Parameter cancellation: Ends the wait.
    func write<Value: Sendable>(
        operation: String = #function, isAlone: Bool = false,
        unless cancellation: Cancellation? = nil,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let operation = DatabaseOperation(operation)
        return try await mappingTransientErrors {
            do {
                let value = try await writer.write(
                    before: .now + Self.waitTimeout, isAlone: isAlone, unless: cancellation
                ) { db in
                    try operation.measure { try body(db) }
                }
                probe.noteSuccess()
                return value
            } catch {
                if let failure = error.failureOfDisk { probe.noteFailure(failure) }
                throw error
            }
        }
    }

    /// Does what may take long: no other write shares its commit, and it is done once.
    func writeAlone<Value: Sendable>(
        operation: String = #function, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await write(operation: operation, isAlone: true, body)
    }

    /// Reads what takes microseconds on the calling thread, since every request does; where that would
    /// have to wait, on a thread that may.
    func readAtOnceOrWait<Value: Sendable>(
        operation: String = #function,
        _ body: @escaping @Sendable (Database, Int64?) throws -> Value
    ) async throws -> Value {
        if let value = try readAtOnce(body) { return value }
        return try await read(operation: operation) { db in try body(db, nil) }
    }

    /// Reads what takes microseconds on the calling thread; nil where another program recovers or
    /// closes the file, which would have to be waited for.
    ///
    /// - Parameter body: Is given what SQLite calls the state of the database, which differs once
    ///   another connection of any program has committed
    ///   (https://www.sqlite.org/pragma.html#pragma_data_version); nil where it cannot tell.
    func readAtOnce<Value>(_ body: (Database, Int64?) throws -> Value) throws -> Value? {
        do {
            try file?.checkNowAndThen()
            // Without a transaction: a statement is one by itself.
            return try lookups.unsafeRead { db in
                try body(db, file == nil ? nil : db.dataVersion())
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return nil
        } catch let error where error.isTransient {
            throw forClients(error)
        }
    }

    private func mappingTransientErrors<Value>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw forClients(error)
        }
    }

    /// The same for what blocks its thread.
    func mappingTransientErrors(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw forClients(error)
        }
    }

    /// What a method throws for an error, which is counted.
    private func forClients(_ error: any Error) -> any Error {
        if let failure = error.failure { metrics.note(failure) }
        return error.forClients
    }
}

extension Database {
    /// What SQLite calls the state of the database.
    ///
    /// Every request asks for it, and GRDB's rows take longer than the answer itself.
    fileprivate func dataVersion() throws -> Int64 {
        let statement = try cachedStatement(sql: "PRAGMA data_version").sqliteStatement
        defer { sqlite3_reset(statement) }
        let code = sqlite3_step(statement)
        guard code == SQLITE_ROW else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code))
        }
        return sqlite3_column_int64(statement, 0)
    }
}

extension Error {
    /// What a store's method throws for it.
    fileprivate var forClients: any Error {
        if let error = self as? DatabaseError, error.resultCode == .SQLITE_INTERRUPT {
            return InventoryError.tooSlow(reason: error)
        }
        return isTransient ? InventoryError.unavailable(reason: self) : self
    }

    /// What it is counted as; nil where it is no error of the database's.
    fileprivate var failure: StoreMetrics.Failure? {
        switch self as any Error {
        case is BlockingThreadPool.Busy: .busy
        case let error as DatabaseError
        where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode):
            .busy
        case let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT: .interrupted
        case InventoryError.outcomeUnknown: .outcomeUnknown
        default: isTransient ? .unavailable : nil
        }
    }

    /// Why the database took no write; nil if the error is about something else.
    fileprivate var failureOfDisk: DatabaseError? {
        switch self as any Error {
        case InventoryError.outcomeUnknown(let reason): reason.failureOfDisk
        case let error as DatabaseError
        where [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY]
            .contains(error.resultCode):
            error
        default: nil
        }
    }

    /// Whether the same request may succeed later, without anybody changing the program.
    fileprivate var isTransient: Bool {
        switch self {
        case is BlockingThreadPool.Busy, is DatabaseFile.Gone: true
        case let error as DatabaseError:
            failureOfDisk != nil
                || [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_NOMEM].contains(error.resultCode)
        default: false
        }
    }
}

extension SharedCommit {
    /// The commits of a database.
    ///
    /// - Parameter file: Nil in memory.
    convenience init(of database: any DatabaseWriter, file: DatabaseFile?) {
        self.init { deadline, isAlone, body in
            try file?.checkIsSame()
            Self.waitForOthers(until: deadline, in: database)
            try Self.commit(body, isAlone: isAlone, in: database)
            do {
                try file?.checkIsSame()
            } catch {
                // Nobody knows whether it was there still when this was written into it.
                throw InventoryError.outcomeUnknown(reason: error)
            }
        }
    }

    /// Bounds how long the next transaction waits for the lock of another program.
    private static func waitForOthers(
        until deadline: ContinuousClock.Instant, in database: any DatabaseWriter
    ) {
        let milliseconds = max(1, Int((deadline - .now) / .milliseconds(1)))
        database.writeWithoutTransaction { db in
            _ = sqlite3_busy_timeout(db.sqliteConnection, Int32(milliseconds))
        }
    }

    private static func commit(
        _ body: (Database) throws -> Void, isAlone: Bool, in database: any DatabaseWriter
    ) throws {
        var isCommitting = false
        do {
            try database.writeWithoutTransaction { db in
                try db.keepingPages(inMemory: !isAlone) {
                    try db.inTransaction {
                        try body(db)
                        isCommitting = true
                        return .commit
                    }
                }
            }
        } catch let error as DatabaseError
            where isCommitting && [.SQLITE_IOERR, .SQLITE_NOMEM].contains(error.resultCode)
        {
            // It may be in the log all the same, where the next program to open the file finds it.
            throw InventoryError.outcomeUnknown(reason: error)
        }
    }
}

extension Database {
    /// Calls `body`, during which SQLite may keep in memory the pages as they were before a statement, by
    /// which it takes one back that fails.
    ///
    /// Whoever writes one number changes a page in each of its indexes, and a file takes two calls of the
    /// system for each. A statement that changes many numbers needs the file.
    fileprivate func keepingPages(inMemory: Bool, _ body: () throws -> Void) throws {
        guard inMemory else { return try body() }
        // https://www.sqlite.org/tempfiles.html#the_sqlite_temp_store_compile_time_parameter_and_pragma
        try execute(sql: "PRAGMA temp_store = MEMORY")
        defer { try? execute(sql: "PRAGMA temp_store = DEFAULT") }
        try body()
    }
}
