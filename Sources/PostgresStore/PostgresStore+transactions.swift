internal import Inventory
internal import Threads

/// How the statements of a transaction hang together.
enum Isolation: String {
    /// One statement, which needs no more.
    case none = ""
    /// All see the same state, and nothing changes.
    case snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    /// Rows that are locked stay as they are.
    ///
    /// It does not say READ WRITE: an operator may have made the role or the server read only.
    case locking = "BEGIN ISOLATION LEVEL READ COMMITTED"
}

extension PostgresStore {
    /// Does `body` as one transaction, all of it or nothing.
    ///
    /// A connection that was dead from the start, and a conflict with another transaction, are
    /// tried again once, since nothing has happened yet.
    ///
    /// - Throws: ``InventoryError/unavailable(reason:)``, ``InventoryError/outcomeUnknown(reason:)``
    ///   and what `body` throws.
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
        } catch let error as WorkThreads.Busy {
            throw InventoryError.unavailable(reason: error)
        }
    }

    /// What can be tried again without being done twice.
    private struct NothingHappened: Error {
        let reason: PostgresError
    }

    private static func commit(_ isolation: Isolation, on connection: Connection) throws {
        do {
            try connection.execute("COMMIT")
        } catch let error as PostgresError {
            if isolation == .locking, error.leavesCommitOpen {
                throw InventoryError.outcomeUnknown(reason: error)
            }
            throw error.isConflict ? NothingHappened(reason: error) : error
        }
    }

    private func attempt<Value: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await pool.withConnection(isWriting: isolation == .locking) { connection in
            do {
                if isolation != .none { try connection.execute(isolation.rawValue) }
            } catch let error as PostgresError where connection.isBroken {
                throw NothingHappened(reason: error)
            }
            let value: Value
            do {
                value = try body(connection)
            } catch {
                if isolation != .none, !connection.isBroken {
                    // Where this fails the connection is broken, and the server forgets all of it.
                    try? connection.execute("ROLLBACK")
                }
                if let error = error as? PostgresError,
                    error.isConflict || error.isOfPreparation
                        || (connection.isBroken && isolation != .locking)
                {
                    throw NothingHappened(reason: error)
                }
                throw error
            }
            if isolation != .none { try Self.commit(isolation, on: connection) }
            return value
        }
    }
}
