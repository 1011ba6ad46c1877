package import Foundation
package import Inventory
package import Storage

extension Connection: SQLTransaction {
    package func forEachRow(
        _ sql: String, _ values: [StoredValue], _ body: (inout RowReader) throws -> Void
    ) throws {
        _ = try query(sql, values.parameters).map { row in
            var reader = RowReader(row: row)
            try body(&reader)
        }
    }

    package func change(_ sql: String, _ values: [StoredValue]) throws -> Int {
        try query(sql, values.parameters).changedCount
    }

    package var sharedLock: String { " FOR SHARE" }

    package func lockUsers() throws {
        try execute("LOCK TABLE \"user\" IN SHARE ROW EXCLUSIVE MODE")
    }

    /// Polls, because the timeouts of the connection are shorter than this wait.
    package func lock(_ key: IdempotencyKey) throws {
        let end = ContinuousClock.now + IdempotencyKey.longestWait
        let name = "idempotency_key \(key.username)\n\(key.text)"
        while try query(
            "SELECT 1 WHERE pg_try_advisory_xact_lock(hashtextextended($1, 0))", [name]
        ).count == 0 {
            guard ContinuousClock.now < end else { throw InventoryError.idempotencyKeyInUse }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    package func pruneRequests(until start: Date) throws {
        try query(
            """
            DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM idempotency_key WHERE at <= $1 ORDER BY at LIMIT $2
                FOR UPDATE SKIP LOCKED
            ))
            """, [String(start.wholeMilliseconds), String(IdempotencyKey.mostPruned)])
    }
}

extension PostgresStore: SQLStore {
    package func read<Value: Sendable>(
        _ operation: String, isOneStatement: Bool,
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await transaction(isOneStatement ? .none : .snapshot, operation: operation, body)
    }

    package func write<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await transaction(.locking, operation: operation, body)
    }
}
