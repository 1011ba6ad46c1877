internal import CSQLite
package import Inventory
package import Storage
internal import Threads

extension SQLiteStore: SQLStore {
    /// How long a request may wait for a thread, or for other programs that write to the file.
    static let waitTimeout = Duration.seconds(5)

    private static let longestRead = Duration.seconds(5)

    package func perform<Value: Sendable>(
        _ kind: TransactionKind, _ operation: DatabaseOperation, unless cancellation: Cancellation?,
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        switch kind {
        case .query, .snapshot:
            try await withReader(operation) {
                try file?.checkOccasionally()
                let deadline = ContinuousClock.now + Self.longestRead
                return try readConnections.read { db in
                    try db.interrupting(if: { deadline <= .now }) { try body(db) }
                }
            }
        case .longSnapshot:
            try await withReader(operation) {
                try file?.check()
                return try longReadConnection().read(body)
            }
        case .statement, .write, .longWrite:
            try await write(operation, isAlone: kind == .longWrite, unless: cancellation, body)
        }
    }

    package func write<Value>(blocking body: (SQLiteConnection) throws -> Value) throws -> Value {
        try database.write(body)
    }

    package func withSnapshot<Value>(
        _ body: (any InventorySnapshot) throws -> Value
    ) throws -> Value {
        let connection = try file.map { try SharedConnection(path: $0.path) }
        return try (connection ?? database).read(body)
    }

    /// A new connection for one long read, which would otherwise occupy one of the few connections
    /// for short reads. A database in memory has only one connection.
    func longReadConnection() throws -> SharedConnection {
        try file.map { try SharedConnection(path: $0.path, isReadOnly: true) } ?? database
    }

    private func withReader<Value: Sendable>(
        _ operation: DatabaseOperation, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        metrics.readers.beginWaiting()
        do {
            return try await readers.run(before: .now + Self.waitTimeout) {
                metrics.readers.endWaiting()
                metrics.readers.beginUse()
                defer { metrics.readers.endUse() }
                return try operation.measure(body)
            }
        } catch {
            if error is BlockingThreadPool.Busy { metrics.readers.endWaiting() }
            throw forClients(error)
        }
    }

    /// Calls `body` as ``GroupCommit`` does. `cancellation` ends the wait, and interrupts `body`.
    private func write<Value: Sendable>(
        _ operation: DatabaseOperation, isAlone: Bool, unless cancellation: Cancellation?,
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        do {
            let value = try await writer.write(
                before: .now + Self.waitTimeout, isAlone: isAlone, unless: cancellation
            ) { db in
                try operation.measure {
                    guard let cancellation else { return try body(db) }
                    return try db.interrupting(if: { cancellation.isCancelled }) { try body(db) }
                }
            }
            probe.noteSuccess()
            return value
        } catch let error as SQLiteError where error.primaryCode == SQLITE_INTERRUPT {
            throw CancellationError()
        } catch {
            if let diskError = error.diskError { probe.noteFailure(diskError) }
            throw forClients(error)
        }
    }

    /// Calls `body`, which takes microseconds, on this thread. Its second argument is the data
    /// version, or nil if the database is in memory. Returns nil while another program recovers or
    /// closes the file, because `body` would wait.
    func lookUp<Value>(
        _ body: (SQLiteConnection, Int64?) throws -> Value
    ) throws -> Value? {
        do {
            try file?.checkOccasionally()
            // A single statement needs no transaction.
            return try lookups.use { db in
                try body(db, file == nil ? nil : db.dataVersion())
            }
        } catch let error as SQLiteError where error.primaryCode == SQLITE_BUSY {
            return nil
        } catch {
            throw forClients(error)
        }
    }

    /// Counts an error of the database, and returns the error that a method throws for it.
    func forClients(_ error: any Error) -> any Error {
        guard let failure = error.failure else { return error }
        metrics.note(failure)
        return switch failure {
        case .busy, .unavailable: InventoryError.unavailable(reason: error)
        case .interrupted: InventoryError.tooSlow(reason: error)
        case .outcomeUnknown: error
        }
    }
}

extension SQLiteConnection {
    /// A number that changes with each commit of any other connection, in this program or another.
    // https://www.sqlite.org/pragma.html#pragma_data_version
    fileprivate func dataVersion() throws -> Int64 {
        try row("PRAGMA data_version") { try $0.integer() } ?? 0
    }
}

extension Error {
    fileprivate var failure: StoreMetrics.Failure? {
        switch self as any Error {
        case is BlockingThreadPool.Busy: .busy
        case is DatabaseFile.Gone: .unavailable
        case InventoryError.outcomeUnknown: .outcomeUnknown
        case let error as SQLiteError:
            switch error.primaryCode {
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_INTERRUPT: .interrupted
            case SQLITE_NOMEM: .unavailable
            default: error.isOfDisk ? .unavailable : nil
            }
        default: nil
        }
    }

    /// Why the disk rejected a write; nil for other errors.
    fileprivate var diskError: SQLiteError? {
        switch self as any Error {
        case InventoryError.outcomeUnknown(let reason): reason.diskError
        case let error as SQLiteError: error.isOfDisk ? error : nil
        default: nil
        }
    }
}

extension GroupCommit {
    convenience init(_ database: SharedConnection, _ file: DatabaseFile?) {
        self.init { deadline, isAlone, body in
            try file?.check()
            try database.use { db in
                db.setBusyTimeout(max(.milliseconds(1), deadline - .now))
                try db.keepingJournal(inMemory: !isAlone) { try Self.commit(body, to: db) }
            }
            do {
                try file?.check()
            } catch {
                // The commit may be in the old file, which was deleted or replaced.
                throw InventoryError.outcomeUnknown(reason: error)
            }
        }
    }

    private static func commit(
        _ body: (SQLiteConnection) throws -> Void, to db: SQLiteConnection
    ) throws {
        var isCommitting = false
        do {
            try db.write { db in
                try body(db)
                isCommitting = true
            }
        } catch let error as SQLiteError
            where isCommitting && [SQLITE_IOERR, SQLITE_NOMEM].contains(error.primaryCode)
        {
            // The commit may be in the write-ahead log. Then the next program that opens the file
            // finds it.
            throw InventoryError.outcomeUnknown(reason: error)
        }
    }
}

extension SQLiteConnection {
    /// If `inMemory`, SQLite keeps the pages that undo a failed statement in memory: a file costs
    /// two system calls for each page. If a statement changes many numbers, these pages may not fit
    /// into memory.
    // https://www.sqlite.org/tempfiles.html#the_sqlite_temp_store_compile_time_parameter_and_pragma
    fileprivate func keepingJournal(inMemory: Bool, _ body: () throws -> Void) throws {
        guard inMemory else { return try body() }
        try runScript("PRAGMA temp_store = MEMORY")
        defer { try? runScript("PRAGMA temp_store = DEFAULT") }
        try body()
    }
}
