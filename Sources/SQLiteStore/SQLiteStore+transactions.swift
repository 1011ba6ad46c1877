internal import GRDB
internal import Inventory
internal import Threads

extension SQLiteStore {
    /// How long a request waits: for its turn, and for other programs that write to the file.
    private static let waitTimeout = Duration.seconds(5)

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await passingErrorsAsUnavailable {
            try await readers.run(before: .now + Self.waitTimeout) {
                try file?.checkIsSame()
                return try database.read(body)
            }
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let deadline = ContinuousClock.now + Self.waitTimeout
        return try await passingErrorsAsUnavailable {
            try await writer.run(before: deadline) {
                try file?.checkIsSame()
                try waitForOthers(until: deadline)
                let value = try commit(body)
                do {
                    try file?.checkIsSame()
                } catch {
                    // Nobody knows whether it was there still when this was written into it.
                    throw InventoryError.outcomeUnknown(reason: error)
                }
                return value
            }
        }
    }

    /// Reads with one statement, on the calling thread, which suits what takes microseconds.
    ///
    /// - Throws: ``InventoryError/unavailable(reason:)``, and `SQLITE_BUSY` where it would have to
    ///   wait.
    func readAtOnce<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            try file?.checkIsSame()
            // Without a transaction: a statement is one by itself.
            return try lookups.unsafeRead(body)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            throw error
        } catch let error where error.isPassing {
            throw InventoryError.unavailable(reason: error)
        }
    }

    /// Bounds how long the next transaction waits for the lock of another program.
    private func waitForOthers(until deadline: ContinuousClock.Instant) throws {
        let milliseconds = max(1, Int((deadline - .now) / .milliseconds(1)))
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
        }
    }

    /// One transaction on the calling thread.
    private func commit<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var isCommitting = false
        do {
            return try database.write { db in
                let value = try body(db)
                isCommitting = true
                return value
            }
        } catch let error as DatabaseError where isCommitting && error.resultCode == .SQLITE_IOERR {
            // It may be in the log all the same, where the next program to open the file finds it.
            throw InventoryError.outcomeUnknown(reason: error)
        }
    }

    private func passingErrorsAsUnavailable<Value>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error where error.isPassing {
            throw InventoryError.unavailable(reason: error)
        }
    }
}

extension Error {
    /// Whether the same request may succeed later, without anybody changing the program.
    fileprivate var isPassing: Bool {
        switch self {
        case is WorkThreads.Busy, is DatabaseFile.Gone: true
        case let error as DatabaseError:
            [
                .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN,
                .SQLITE_READONLY, .SQLITE_NOMEM,
            ].contains(error.resultCode)
        default: false
        }
    }
}
