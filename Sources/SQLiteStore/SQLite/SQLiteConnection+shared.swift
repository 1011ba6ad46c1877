package import Foundation
package import Inventory
package import Storage

extension SQLiteConnection: SQLTransaction {
    package func forEachRow(
        _ sql: String, _ values: [StoredValue], _ body: (inout SQLiteRow) throws -> Void
    ) throws {
        try statement(sql).forEachRow(values, body)
    }

    package func change(_ sql: String, _ values: [StoredValue]) throws -> Int {
        try execute(sql, values)
        return changeCount
    }

    /// SQLite has one writer at a time, so nothing needs a lock.
    package var sharedLock: String { "" }
    package func lockUsers() {}
    package func lock(_ key: IdempotencyKey) {}

    package func pruneRequests(until start: Date) throws {
        try execute(
            """
            DELETE FROM idempotency_key WHERE rowid IN (
                SELECT rowid FROM idempotency_key WHERE at <= ? ORDER BY at LIMIT ?
            )
            """, [.integer(start.wholeMilliseconds), .integer(Int64(IdempotencyKey.mostPruned))])
    }
}

extension SQLiteStore: SQLStore {
    package func read<Value: Sendable>(
        _ operation: String, isOneStatement: Bool,
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await read(operation: operation, body)
    }

    package func write<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await write(operation: operation, body)
    }
}
