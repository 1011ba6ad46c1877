package import Inventory
package import Storage

extension TransactionKind {
    /// Nil if the transaction is one statement, which PostgreSQL commits itself: one round trip
    /// instead of three.
    fileprivate var beginning: String? {
        switch self {
        case .query, .statement: nil
        case .snapshot, .longSnapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        // READ COMMITTED suffices, because locked rows do not change. READ WRITE is left out: an
        // operator may have set the database or the role to read-only.
        case .write, .longWrite: "BEGIN ISOLATION LEVEL READ COMMITTED"
        }
    }

    fileprivate var isWriting: Bool { [.statement, .write, .longWrite].contains(self) }
}

extension PostgresStore: SQLStore {
    private static let mostAttempts = 3

    package func perform<Value: Sendable>(
        _ kind: TransactionKind, _ operation: DatabaseOperation, unless cancellation: Cancellation?,
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await transaction(kind, for: [operation]) { connection in
            try connection.cancelled(by: cancellation) { try body(connection) }
        }
    }

    /// Runs a transaction for one request or several. It is retried if it had no effect: the
    /// connection was cut before COMMIT, another transaction conflicted, or a prepared statement
    /// belonged to another connection (see ``Preparation``).
    func transaction<Value: Sendable>(
        _ kind: TransactionKind, for operations: [DatabaseOperation],
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do {
            for _ in 1..<Self.mostAttempts {
                do {
                    return try await attempt(kind, operations, body)
                } catch is NothingHappened {}
            }
            return try await attempt(kind, operations, body)
        } catch let error as NothingHappened {
            metrics.note(error.reason.failure, of: operations.count)
            throw InventoryError.unavailable(reason: error.reason)
        } catch let error as PostgresError where error.isTransient {
            metrics.note(error.failure, of: operations.count)
            throw InventoryError.unavailable(reason: error)
        } catch InventoryError.outcomeUnknown(let reason) {
            metrics.note(.outcomeUnknown, of: operations.count)
            throw InventoryError.outcomeUnknown(reason: reason)
        }
    }

    /// The transaction had no effect, so it can be retried.
    private struct NothingHappened: Error {
        let reason: PostgresError
    }

    private func attempt<Value: Sendable>(
        _ kind: TransactionKind, _ operations: [DatabaseOperation],
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await pool.withConnection(kind.isWriting ? .writing : .reading) { connection in
            replicaDetector.note(connection)
            connection.defersIndexes = defersIndexes
            let start = ContinuousClock.now
            defer { for operation in operations { operation.note(since: start) } }
            do {
                let value = try connection.transaction(kind) { try body(connection) }
                if kind.isWriting { metrics.noteCommit(of: operations.count) }
                return value
            } catch let error as PostgresError {
                if kind == .statement, error.leavesOutcomeUnknown {
                    throw InventoryError.outcomeUnknown(reason: error)
                }
                if error.isAboutPreparation { connection.preparation.stop() }
                guard
                    error.isConflict || error.isAboutPreparation || connection.isDead
                        || kind == .longWrite && error.isConflictOfIDs
                else { throw error }
                throw NothingHappened(reason: error)
            }
        }
    }

    /// Calls `body` in a transaction without time limits, on a new connection. Blocks the thread.
    func alone<Value>(
        _ kind: TransactionKind, _ body: (Connection) throws -> Value
    ) throws -> Value {
        let connection = try Connection(address, Preparation(isOn: false))
        return try connection.transaction(kind) {
            try connection.liftTimeLimits()
            try connection.execute(
                "SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            return try body(connection)
        }
    }
}

extension PostgresError {
    fileprivate var failure: StoreMetrics.Failure {
        switch sqlState {
        case "57014": .interrupted
        case "55P03": .busy
        default: isConflict ? .busy : .unavailable
        }
    }
}

extension Connection {
    /// Whether the connection was cut, so a retry may succeed. After a timeout, no time is left for
    /// a retry.
    fileprivate var isDead: Bool { isBroken && !isSilent }

    fileprivate func transaction<Value>(
        _ kind: TransactionKind, _ body: () throws -> Value
    ) throws -> Value {
        isWriting = kind.isWriting
        guard let beginning = kind.beginning else { return try body() }
        defer { hasTimeout = true }
        do {
            try execute(beginning)
            let value = try body()
            hasTimeout = kind != .longWrite
            try commit(kind)
            return value
        } catch {
            hasTimeout = true
            // If the rollback fails, the connection is broken, and the server rolls back.
            if !isBroken { try? execute("ROLLBACK") }
            throw error
        }
    }

    private func commit(_ kind: TransactionKind) throws {
        do {
            try execute("COMMIT")
        } catch let error as PostgresError
            where kind.isWriting && error.leavesOutcomeUnknown
        {
            throw InventoryError.outcomeUnknown(reason: error)
        }
    }
}
