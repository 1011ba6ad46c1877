package import Foundation
package import Inventory
package import Storage

extension Connection: SQLTransaction {
    package static let migrationTable = (name: "schema_migration", column: "name")
    package static let hasRowLocks = true
    package static let mostNumbersBeforeLoading = 0

    package func forEachRow(
        _ sql: String, _ values: [StoredValue], isCached: Bool,
        _ body: (inout PostgresRow) throws -> Void
    ) throws {
        _ = try query(sql, values, isPrepared: isCached).map(body)
    }

    @discardableResult
    package func change(_ sql: String, _ values: [StoredValue]) throws -> Int {
        try query(sql, values).changedCount
    }

    package func lock(table: String) throws {
        try execute("LOCK TABLE \"\(table)\" IN SHARE ROW EXCLUSIVE MODE")
    }

    /// Polls for the lock, because the timeouts of the connection are shorter than this wait.
    package func lock(_ key: IdempotencyKey) throws {
        let end = ContinuousClock.now + IdempotencyKey.longestWait
        let name = StoredValue.text("idempotency_key \(key.username)\n\(key.text)")
        while try query(
            "SELECT 1 WHERE pg_try_advisory_xact_lock(hashtextextended($1, 0))", [name]
        ).count == 0 {
            guard ContinuousClock.now < end else { throw InventoryError.idempotencyKeyInUse }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    package func prune(until start: Date) throws {
        try change(
            """
            DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM idempotency_key WHERE at <= $1 ORDER BY at LIMIT $2
                FOR UPDATE SKIP LOCKED
            ))
            """, [.integer(start.wholeMilliseconds), .integer(Int64(IdempotencyKey.mostPruned))])
    }

    package func mappingDuplicates<Value>(
        of value: PhoneNumber, _ write: () throws -> Value
    ) throws -> Value {
        try execute("SAVEPOINT before_write")
        do {
            return try write()
        } catch let error as PostgresError where error.constraint == "number_digits_unique" {
            try execute("ROLLBACK TO SAVEPOINT before_write")
            throw try numberExists(value)
        }
    }

    func numberExists(_ value: PhoneNumber) throws -> any Error {
        // If the conflicting number was deleted meanwhile, a retry succeeds.
        try duplicateError(value) ?? PostgresError.conflict("the conflicting number was deleted")
    }

    package func hasTable(_ name: String) throws -> Bool {
        try query("SELECT 1 WHERE to_regclass($1) IS NOT NULL", [.text(name)]).count > 0
    }

    package func lastID(of table: String) throws -> Int64 {
        let sql = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM \(table)_id_seq"
        return try row(sql) { try $0.integer() } ?? 0
    }

    package func setLastID(_ id: Int64, of table: String) throws {
        guard id > 0 else { return }
        try query(
            "SELECT setval(pg_get_serial_sequence('\"\(table)\"', 'id'), $1)", [.integer(id)])
    }

    package func liftTimeLimits() throws {
        try execute("SET LOCAL statement_timeout = 0; SET LOCAL carrier.change = 'large'")
        hasTimeout = false
    }

    package func useIndexes() throws {
        try execute(
            """
            SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
            SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off
            """)
    }
}
