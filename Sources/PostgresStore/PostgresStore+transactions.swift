internal import Inventory

/// How the statements of a transaction hang together.
enum Isolation: String {
    /// One statement, which needs no more.
    case none = ""
    /// All see the same state, and nothing changes.
    case snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    /// Rows that are locked stay as they are.
    ///
    /// Not READ WRITE: where the database or the role is to be read only, that is its owner's will.
    case locking = "BEGIN ISOLATION LEVEL READ COMMITTED"
}

extension PostgresStore {
    /// How often a transaction is begun before it is given up.
    private static let mostAttempts = 3

    /// Does `body` as one transaction, all of it or nothing.
    ///
    /// It is tried again where nothing has happened yet: the connection was cut before COMMIT was
    /// sent, another transaction was in the way, or a prepared statement was another connection's.
    ///
    /// - Throws: ``InventoryError/unavailable(reason:)``,
    ///   ``InventoryError/outcomeUnknown(reason:)`` and what `body` throws.
    func transaction<Value: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do {
            for _ in 1..<Self.mostAttempts {
                do {
                    return try await attempt(isolation, body)
                } catch is NothingHappened {}
            }
            return try await attempt(isolation, body)
        } catch let error as NothingHappened {
            throw InventoryError.unavailable(reason: error.reason)
        } catch let error as PostgresError where error.isPassing {
            throw InventoryError.unavailable(reason: error)
        }
    }

    /// What can be tried again without being done twice.
    private struct NothingHappened: Error {
        let reason: PostgresError
    }

    private func attempt<Value: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await pool.withConnection(isolation == .locking ? .writing : .reading) { connection in
            do {
                if isolation != .none { try connection.execute(isolation.rawValue) }
            } catch let error as PostgresError where connection.isDead {
                throw NothingHappened(reason: error)
            }
            do {
                let value = try body(connection)
                if isolation != .none { try connection.commit(isolation) }
                return value
            } catch {
                if isolation != .none, !connection.isBroken {
                    // Where this fails the connection is broken, and the server forgets all of it.
                    try? connection.execute("ROLLBACK")
                }
                guard let error = error as? PostgresError else { throw error }
                if error.isAboutPreparation { connection.stopPreparing() }
                guard error.isConflict || error.isAboutPreparation || connection.isDead else {
                    throw error
                }
                throw NothingHappened(reason: error)
            }
        }
    }
}

extension Connection {
    /// Whether it was cut, which is told at once: after a silence there is no time to try again.
    fileprivate var isDead: Bool { isBroken && !isSilent }

    /// - Throws: ``InventoryError/outcomeUnknown(reason:)`` and ``PostgresError``, after which
    ///   nothing has happened.
    func commit(_ isolation: Isolation, timeout: Duration? = statementTimeout) throws {
        do {
            try execute("COMMIT", timeout: timeout)
        } catch let error as PostgresError
            where isolation == .locking && error.leavesOutcomeUnknown
        {
            throw InventoryError.outcomeUnknown(reason: error)
        }
    }
}
