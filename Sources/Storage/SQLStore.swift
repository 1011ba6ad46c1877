package import Inventory

package enum TransactionKind: Sendable {
    /// One statement that reads.
    case query
    /// All statements see one state, and change nothing.
    case snapshot
    /// A snapshot that may take minutes.
    case longSnapshot
    /// One statement that writes.
    case statement
    case write
    /// A write whose statements and commit may take minutes.
    case longWrite
}

/// A store that shares its statements with the other store.
package protocol SQLStore: TransferableStore {
    associatedtype Transaction: SQLTransaction

    /// Calls `body` in a transaction, and commits it unless `body` throws. `cancellation`
    /// interrupts `body`.
    func perform<Value: Sendable>(
        _ kind: TransactionKind, _ operation: DatabaseOperation, unless cancellation: Cancellation?,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value

    /// Calls `body` in a transaction that writes, and blocks the thread. It has no time limits.
    func write<Value>(blocking body: (Transaction) throws -> Value) throws -> Value
}

extension SQLStore {
    /// - Parameter operation: The name in the log.
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
