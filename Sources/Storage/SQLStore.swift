package import Inventory

package enum TransactionKind: Sendable {
    /// One statement that reads.
    case query
    /// Statements that only read, and all see the same state of the database.
    case snapshot
    /// A snapshot that may take minutes.
    case longSnapshot
    /// One statement that writes.
    case statement
    case write
    /// A write whose statements and commit may take minutes.
    case longWrite
}

/// What the shared statements of this module need from a store: SQLite's or PostgreSQL's.
package protocol SQLStore: TransferableStore {
    associatedtype Transaction: SQLTransaction

    /// Calls `body` in a transaction, and commits it unless `body` throws. `cancellation`
    /// interrupts `body`.
    func perform<Value: Sendable>(
        _ kind: TransactionKind, _ operation: DatabaseOperation, unless cancellation: Cancellation?,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value

    /// Calls `body` in a transaction that writes and has no time limits. Blocks the thread.
    func write<Value>(blocking body: (Transaction) throws -> Value) throws -> Value
}

extension SQLStore {
    /// - Parameter operation: The name in the log line of a slow operation.
    /// - Throws: ``InventoryError/unavailable(reason:)``, ``InventoryError/tooSlow(reason:)``,
    ///   ``InventoryError/outcomeUnknown(reason:)`` and the errors of `body`.
    package func transaction<Value: Sendable>(
        _ kind: TransactionKind, operation: String = #function,
        unless cancellation: Cancellation? = nil,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await perform(kind, DatabaseOperation(operation), unless: cancellation, body)
    }
}
