internal import Inventory

/// How the statements of a transaction hang together.
enum Isolation: String {
    /// One statement, which needs no more.
    case none = ""
    /// All see the same state, and nothing changes.
    case snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    /// Rows that are locked stay as they are.
    case locking = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
}

extension PostgresStore {
    /// Does `body` as one transaction, all of it or nothing.
    ///
    /// A connection that was dead from the start, and a conflict with another transaction, are
    /// tried again once, since nothing has happened yet.
    ///
    /// - Throws: ``InventoryError/unavailable(reason:)`` and what `body` throws.
    func transaction<Value: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do {
            do {
                return try await attempt(isolation, body)
            } catch is NothingHappened {
                return try await attempt(isolation, body)
            }
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
        try await pool.withConnection { connection in
            do {
                if isolation != .none { try connection.execute(isolation.rawValue) }
            } catch let error as PostgresError where connection.isBroken {
                throw NothingHappened(reason: error)
            }
            do {
                let value = try body(connection)
                if isolation != .none { try connection.execute("COMMIT") }
                return value
            } catch {
                if isolation != .none, !connection.isBroken {
                    // Where this fails the connection is broken, and the server forgets all of it.
                    try? connection.execute("ROLLBACK")
                }
                if let error = error as? PostgresError,
                    error.isConflict || (connection.isBroken && isolation != .locking)
                {
                    throw NothingHappened(reason: error)
                }
                throw error
            }
        }
    }
}
