internal import Inventory
internal import Storage

/// How the statements of a transaction hang together.
enum Isolation {
    /// One statement that reads, which needs no more.
    case none
    /// One statement that writes, which PostgreSQL commits with its answer: a third of the round trips.
    case committing
    /// All see the same state, and nothing changes.
    case snapshot
    /// Rows that are locked stay as they are.
    ///
    /// Not READ WRITE: where the database or the role is to be read only, that is its owner's will.
    case locking
    /// The same, where a statement or the commit may take longer than any request should.
    case lockingForLong

    /// What begins the transaction; nil where the statement is one by itself.
    var beginning: String? {
        switch self {
        case .none, .committing: nil
        case .snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        case .locking, .lockingForLong: "BEGIN ISOLATION LEVEL READ COMMITTED"
        }
    }

    fileprivate var writes: Bool {
        switch self {
        case .none, .snapshot: false
        case .committing, .locking, .lockingForLong: true
        }
    }
}

extension PostgresStore {
    /// How often a transaction is begun before it is given up.
    private static let mostAttempts = 3

    /// Does `body` as one transaction, all of it or nothing.
    ///
    /// It is tried again where nothing has happened yet: the connection was cut before COMMIT was
    /// sent, another transaction was in the way, or a prepared statement was another connection's.
    ///
    /// - Parameter operation: What the log calls it.
    /// - Throws: ``InventoryError/unavailable(reason:)``,
    ///   ``InventoryError/outcomeUnknown(reason:)`` and what `body` throws.
    func transaction<Value: Sendable>(
        _ isolation: Isolation, operation: String = #function,
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await transaction(isolation, for: [DatabaseOperation(operation)], body)
    }

    /// The same for the operations of several requests, which have one outcome.
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

    /// What can be tried again without being done twice.
    private struct NothingHappened: Error {
        let reason: PostgresError
    }

    private func attempt<Value: Sendable>(
        _ isolation: Isolation, _ operations: [DatabaseOperation],
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await pool.withConnection(isolation.writes ? .writing : .reading) { connection in
            standbySighting.note(connection)
            let start = ContinuousClock.now
            defer { for operation in operations { operation.note(since: start) } }
            do {
                if let beginning = isolation.beginning { try connection.execute(beginning) }
            } catch let error as PostgresError where connection.isDead {
                throw NothingHappened(reason: error)
            }
            do {
                let value = try body(connection)
                if isolation.beginning != nil { try connection.commit(isolation) }
                if isolation.writes { metrics.noteCommit(of: operations.count) }
                return value
            } catch {
                if isolation.beginning != nil, !connection.isBroken {
                    // Where this fails the connection is broken, and the server forgets all of it.
                    try? connection.execute("ROLLBACK")
                }
                guard let error = error as? PostgresError else { throw error }
                if isolation == .committing, error.leavesOutcomeUnknown {
                    throw InventoryError.outcomeUnknown(reason: error)
                }
                if error.isAboutPreparation { connection.stopPreparing() }
                guard
                    error.isConflict || error.isAboutPreparation || connection.isDead
                        || isolation == .lockingForLong && error.isConflictOfIDs
                else {
                    throw error
                }
                throw NothingHappened(reason: error)
            }
        }
    }
}

extension PostgresError {
    /// What it is counted as where it is passing.
    fileprivate var failure: StoreMetrics.Failure {
        switch sqlState {
        case "57014": .interrupted
        case "55P03": .busy
        default: isConflict ? .busy : .unavailable
        }
    }
}

extension Connection {
    /// Whether it was cut, which is told at once: after a silence there is no time to try again.
    fileprivate var isDead: Bool { isBroken && !isSilent }

    /// - Throws: ``InventoryError/outcomeUnknown(reason:)`` and ``PostgresError``, after which
    ///   nothing has happened.
    func commit(_ isolation: Isolation) throws {
        do {
            try execute(
                "COMMIT", timeout: isolation == .lockingForLong ? nil : Self.statementTimeout)
        } catch let error as PostgresError
            where isolation.writes && error.leavesOutcomeUnknown
        {
            throw InventoryError.outcomeUnknown(reason: error)
        }
    }
}
