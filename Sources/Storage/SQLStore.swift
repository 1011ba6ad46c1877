/// A store that reads and writes accounts and history with statements that both stores share.
package protocol SQLStore: Sendable {
    associatedtype Transaction: SQLTransaction

    /// Calls `body` in a transaction that sees one state of the database.
    ///
    /// - Parameter operation: The name in the log.
    /// - Parameter isOneStatement: Whether `body` runs one statement, which sees one state by itself.
    func read<Value: Sendable>(
        _ operation: String, isOneStatement: Bool,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value

    /// Calls `body` in a transaction that writes.
    ///
    /// - Parameter operation: The name in the log.
    func write<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value
}

extension SQLStore {
    func reading<Value: Sendable>(
        operation: String = #function, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await read(operation, isOneStatement: false, body)
    }

    func selecting<Value: Sendable>(
        operation: String = #function, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await read(operation, isOneStatement: true, body)
    }

    func writing<Value: Sendable>(
        operation: String = #function, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await write(operation, body)
    }
}
