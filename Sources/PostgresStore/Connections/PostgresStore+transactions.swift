internal import Inventory
internal import Storage

/// What a transaction sees and may do.
enum Isolation {
    /// One statement that reads.
    case none
    /// One statement that writes, which PostgreSQL commits itself: a third of the round trips.
    case committing
    /// All statements see the same state, and change nothing.
    case snapshot
    /// Locked rows do not change.
    ///
    /// Not READ WRITE: the owner of the database or of the role may want it to be read-only.
    case locking
    /// Like ``locking``, but statements and the commit may take longer than a request.
    case lockingForLong

    /// Nil if the transaction is one statement.
    var beginning: String? {
        switch self {
        case .none, .committing: nil
        case .snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        case .locking, .lockingForLong: "BEGIN ISOLATION LEVEL READ COMMITTED"
        }
    }

    fileprivate var writes: Bool { self != .none && self != .snapshot }
}

extension PostgresStore {
    /// How often a transaction is tried.
    private static let mostAttempts = 3

    /// Calls `body` in a transaction.
    ///
    /// The transaction is retried if it had no effect: the connection was cut before COMMIT,
    /// another transaction conflicted, or a prepared statement was another connection's.
    ///
    /// - Parameter operation: The name in the log.
    /// - Throws: ``InventoryError/unavailable(reason:)``,
    ///   ``InventoryError/outcomeUnknown(reason:)`` and the errors of `body`.
    func transaction<Value: Sendable>(
        _ isolation: Isolation, operation: String = #function,
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await transaction(isolation, for: [DatabaseOperation(operation)], body)
    }

    /// Calls `body` in a transaction that several requests share.
    func transaction<Value: Sendable>(
        _ isolation: Isolation, for operations: [DatabaseOperation],
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do {
            for _ in 1..<Self.mostAttempts {
                do {
                    return try await attempt(isolation, operations, body)
                } catch is NothingHappened {}
            }
            return try await attempt(isolation, operations, body)
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

    /// The transaction can be retried.
    private struct NothingHappened: Error {
        let reason: PostgresError
    }

    private func attempt<Value: Sendable>(
        _ isolation: Isolation, _ operations: [DatabaseOperation],
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await pool.withConnection(isolation.writes ? .writing : .reading) { connection in
            replicaDetector.note(connection)
            let start = ContinuousClock.now
            defer { for operation in operations { operation.note(since: start) } }
            do {
                let value = try connection.transaction(isolation) { try body(connection) }
                if isolation.writes { metrics.noteCommit(of: operations.count) }
                return value
            } catch let error as PostgresError {
                if isolation == .committing, error.leavesOutcomeUnknown {
                    throw InventoryError.outcomeUnknown(reason: error)
                }
                if error.isAboutPreparation { connection.stopPreparing() }
                guard
                    error.isConflict || error.isAboutPreparation || connection.isDead
                        || isolation == .lockingForLong && error.isConflictOfIDs
                else { throw error }
                throw NothingHappened(reason: error)
            }
        }
    }

    /// Calls `body` in a transaction without time limits, on a new connection, and blocks the thread.
    func alone<Value>(
        _ isolation: Isolation, _ body: (Connection) throws -> Value
    ) throws -> Value {
        let connection = try Connection(address, Preparation(isOn: false))
        return try connection.transaction(isolation) {
            try connection.liftTimeout()
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
    /// Whether it was cut. After a timeout there is no time for a retry.
    fileprivate var isDead: Bool { isBroken && !isSilent }

    /// - Throws: ``InventoryError/outcomeUnknown(reason:)``, and the errors of `body`.
    fileprivate func transaction<Value>(
        _ isolation: Isolation, _ body: () throws -> Value
    ) throws -> Value {
        guard let beginning = isolation.beginning else { return try body() }
        defer { hasTimeout = true }
        do {
            try execute(beginning)
            let value = try body()
            hasTimeout = isolation != .lockingForLong
            try commit(isolation)
            return value
        } catch {
            hasTimeout = true
            // If this fails, the connection is broken, and the server rolls back.
            if !isBroken { try? execute("ROLLBACK") }
            throw error
        }
    }

    private func commit(_ isolation: Isolation) throws {
        do {
            try execute("COMMIT")
        } catch let error as PostgresError
            where isolation.writes && error.leavesOutcomeUnknown
        {
            throw InventoryError.outcomeUnknown(reason: error)
        }
    }
}
