package import Foundation
package import Inventory

/// A transaction on SQL. The extensions have the statements that both stores share; the
/// requirements are what differs between SQLite and PostgreSQL. In a statement, `$1` must occur
/// before `$2` and so on, because SQLite numbers parameters by their first occurrence.
package protocol SQLTransaction: ChangeTransaction, InventorySnapshot, StoredRequests {
    associatedtype Row: StoredRow, SendableMetatype

    /// - Parameter isCached: Whether the connection keeps the prepared statement and its plan. It
    ///   must be false if the SQL has many variants, or if the best plan depends on the values.
    func forEachRow(
        _ sql: String, _ values: [StoredValue], isCached: Bool,
        _ body: (inout Row) throws -> Void) throws
    /// Runs a statement, and returns how many rows it changed.
    @discardableResult
    func change(_ sql: String, _ values: [StoredValue]) throws -> Int
    func insert(_ rows: [[StoredValue]], into table: StoredTable) throws
    /// The condition that finds the numbers soonest.
    func condition(of filter: NumberFilter) throws -> SQLCondition
    /// The rows that an index finds for the filter, each of which may be compared with the number.
    func candidates(of filter: NumberFilter) throws -> (rows: String, values: [StoredValue])
    /// Calls `body`, and builds the indexes after it if that is faster. `body` must insert many
    /// numbers, with ids greater than all others.
    func rebuildingIndexes(_ body: () throws -> Void) throws

    /// Inserts the numbers that do not exist, and returns how many it inserted. If `isLoading`,
    /// `contents` must have no duplicates, and at most ``mostNumbersBeforeLoading`` numbers may
    /// exist.
    func insertNew(_ contents: [NumberContent], isLoading: Bool) throws -> Int
    /// How many numbers may exist before a call of ``insertNew(_:isLoading:)`` with `isLoading`.
    static var mostNumbersBeforeLoading: Int { get }
    /// Writes a number and records the change; returns nil if the statement changes no number.
    func write(
        _ sql: String, _ values: [StoredValue], recording number: ChangedNumber,
        as kind: Change.Kind, by author: Author
    ) throws -> ChangeEntry.Key?
    /// - Throws: ``InventoryError/numberExists(id:value:)`` if another number has the `value` that
    ///   `write` would store.
    func mappingDuplicates<Value>(
        of value: PhoneNumber, _ write: () throws -> Value
    ) throws -> Value

    func hasTable(_ name: String) throws -> Bool
    /// The table that lists the breaking migrations, and the column with their names.
    static var migrationTable: (name: String, column: String) { get }
    /// The last id that was assigned in the table; 0 if there was none.
    func lastID(of table: String) throws -> Int64
    func setLastID(_ id: Int64, of table: String) throws

    func storageErrors() throws -> IntegrityErrors
    func searchErrors() throws -> IntegrityErrors
    /// A query for rows that reference missing rows. Each result row has the number of result rows,
    /// the referencing table, the referenced table, and the number of such references.
    static var brokenReferences: String { get }
    /// Joins each `number` with the last `entry` of its history.
    static var joinWithLastEntry: String { get }

    static var hasRowLocks: Bool { get }
    /// Until the transaction ends, no other transaction can write to the table.
    func lock(table: String) throws
    /// Locks a change against another undo and against pruning.
    func lockChange(_ id: Int64) throws
    func lockNumbers(ofChange id: Int64) throws
    func liftTimeLimits() throws
    /// Makes later statements of the transaction find rows by an index, even if the tables'
    /// statistics suggest to read whole tables.
    func useIndexes() throws
}

/// Defaults for SQLite: with one writer at a time, it needs no locks and no time limits.
extension SQLTransaction {
    package static var hasRowLocks: Bool { false }
    package func lock(table: String) throws {}
    package func lock(_ key: IdempotencyKey) throws {}
    package func lockChange(_ id: Int64) throws {}
    package func lockNumbers(ofChange id: Int64) throws {}
    package func liftTimeLimits() throws {}
    package func useIndexes() throws {}

    /// The suffix of a SELECT that locks its rows until the transaction ends.
    package func lock(for strength: String) -> String { Self.hasRowLocks ? " FOR " + strength : "" }
}

/// Inlinable, so that the compiler specializes these loops for each store's type of row.
extension SQLTransaction {
    @inlinable
    package func rows<Value>(
        _ sql: String, _ values: [StoredValue] = [], isCached: Bool = true,
        as read: (inout Row) throws -> Value
    ) throws -> [Value] {
        var all: [Value] = []
        try forEachRow(sql, values, isCached: isCached) { all.append(try read(&$0)) }
        return all
    }

    @inlinable
    package func row<Value>(
        _ sql: String, _ values: [StoredValue] = [], isCached: Bool = true,
        as read: (inout Row) throws -> Value
    ) throws -> Value? {
        try rows(sql, values, isCached: isCached, as: read).first
    }

    package func count(
        _ sql: String, _ values: [StoredValue] = [], isCached: Bool = true
    ) throws -> Int {
        try row(sql, values, isCached: isCached) { try $0.count() } ?? 0
    }
}

extension SQLTransaction {
    /// Calls `change` once, even if the request is repeated.
    package func perform<Outcome>(
        _ request: IdempotentRequest<Outcome>?, _ change: () throws -> Outcome
    ) throws -> Outcome {
        guard let request else { return try change() }
        return try request.perform(in: self, change)
    }

    package func request(_ key: IdempotencyKey) throws -> StoredRequest? {
        try row(
            """
            SELECT \(StoredRequest.columns.names) FROM idempotency_key
            WHERE username = $1 AND key = $2
            """, [.text(key.username), .text(key.text)], as: StoredRequest.init)
    }

    package func count(of username: String, after start: Date) throws -> (count: Int, first: Date) {
        let counts = try row(
            """
            SELECT count(*), coalesce(min(at), 0) FROM idempotency_key
            WHERE username = $1 AND at > $2
            """, [.text(username), .integer(start.wholeMilliseconds)]
        ) { (try $0.count(), Date(wholeMilliseconds: try $0.integer())) }
        return counts ?? (0, .distantPast)
    }

    package func insert(_ request: StoredRequest) throws {
        let columns = StoredRequest.columns
        try change(
            """
            INSERT INTO idempotency_key (\(columns.names)) VALUES (\(columns.numbered))
            ON CONFLICT (username, key)
            DO UPDATE SET (\(columns.names)) = (\(columns.names(of: "excluded")))
            """, request.storedValues)
    }
}
