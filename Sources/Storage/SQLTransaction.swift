package import Foundation
package import Inventory

/// A transaction of a database, for the statements that both stores share.
///
/// A statement first uses its parameters in the order `$1`, `$2` …, because SQLite numbers them so.
package protocol SQLTransaction {
    associatedtype Row: StoredRow, SendableMetatype

    /// Runs a statement, and calls `body` with each row.
    func forEachRow(
        _ sql: String, _ values: [StoredValue], _ body: (inout Row) throws -> Void) throws
    /// Runs a statement, and returns how many rows it changed.
    @discardableResult
    func change(_ sql: String, _ values: [StoredValue]) throws -> Int

    /// The suffix of a SELECT that locks its rows against changes until the transaction ends.
    var sharedLock: String { get }
    /// Until the transaction ends, no other one creates or removes users, or changes their roles.
    func lockUsers() throws
    /// Makes other transactions with this key wait until this one ends.
    ///
    /// - Throws: ``InventoryError/idempotencyKeyInUse`` after ``IdempotencyKey/longestWait``.
    func lock(_ key: IdempotencyKey) throws
    /// Deletes requests that are not later than `start`, at most ``IdempotencyKey/mostPruned``.
    func pruneRequests(until start: Date) throws
}

extension SQLTransaction {
    package func rows<Value>(
        _ sql: String, _ values: [StoredValue] = [], as read: (inout Row) throws -> Value
    ) throws -> [Value] {
        var all: [Value] = []
        try forEachRow(sql, values) { all.append(try read(&$0)) }
        return all
    }

    /// Reads a query's only row; nil if it has none.
    package func row<Value>(
        _ sql: String, _ values: [StoredValue] = [], as read: (inout Row) throws -> Value
    ) throws -> Value? {
        try rows(sql, values, as: read).first
    }

    /// Reads a query's only row, whose only column is a count.
    package func count(_ sql: String, _ values: [StoredValue] = []) throws -> Int {
        Int(try row(sql, values) { try $0.integer() } ?? 0)
    }

    /// Calls `change` once, even if the request is repeated.
    package func perform<Outcome>(
        _ request: IdempotentRequest<Outcome>?, _ change: () throws -> Outcome
    ) throws -> Outcome {
        guard let request else { return try change() }
        return try request.perform(in: SQLStoredRequests(transaction: self), change)
    }
}

private struct SQLStoredRequests<Transaction: SQLTransaction>: StoredRequests {
    let transaction: Transaction

    func lock(_ key: IdempotencyKey) throws { try transaction.lock(key) }

    func prune(until start: Date) throws { try transaction.pruneRequests(until: start) }

    func request(_ key: IdempotencyKey) throws -> StoredRequest? {
        try transaction.row(
            """
            SELECT \(StoredRequest.columns.names) FROM idempotency_key
            WHERE username = $1 AND key = $2
            """, [.text(key.username), .text(key.text)], as: StoredRequest.init)
    }

    func count(of username: String, after start: Date) throws -> (count: Int, first: Date) {
        let counts = try transaction.row(
            """
            SELECT count(*), coalesce(min(at), 0) FROM idempotency_key
            WHERE username = $1 AND at > $2
            """, [.text(username), .integer(start.wholeMilliseconds)]
        ) { (Int(try $0.integer()), Date(wholeMilliseconds: try $0.integer())) }
        return counts ?? (0, .distantPast)
    }

    func insert(_ request: StoredRequest) throws {
        let columns = StoredRequest.columns
        try transaction.change(
            """
            INSERT INTO idempotency_key (\(columns.names)) VALUES (\(columns.numbered))
            ON CONFLICT (username, key)
            DO UPDATE SET (\(columns.names)) = (\(columns.names(of: "excluded")))
            """, request.storedValues)
    }
}

extension PageRange {
    /// The values of `LIMIT` and `OFFSET`.
    var limitAndOffset: [StoredValue] { [.integer(Int64(limit)), .integer(Int64(skipped))] }
}
