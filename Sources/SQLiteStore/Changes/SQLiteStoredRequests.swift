internal import Foundation
internal import GRDB
internal import Inventory
internal import Storage

/// The stored requests in a transaction of SQLite.
struct SQLiteStoredRequests: StoredRequests {
    let db: Database

    /// Does nothing: SQLite has one writer at a time.
    func lock(_ key: IdempotencyKey) {}

    func request(_ key: IdempotencyKey) throws -> StoredRequest? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(StoredRequest.columns.names) FROM idempotency_key
                WHERE username = ? AND "key" = ?
                """)
        return try StoredRequest.fetchOne(statement, [.text(key.username), .text(key.text)])
    }

    func count(of username: String, after start: Date) throws -> (count: Int, first: Date) {
        let statement = try db.cachedStatement(
            sql: """
                SELECT count(*), coalesce(min(at), 0) FROM idempotency_key
                WHERE username = ? AND at > ?
                """)
        var counts = (count: 0, first: Date.distantPast)
        try statement.forEachRow([.text(username), .integer(start.wholeMilliseconds)]) { row in
            counts = (Int(try row.integer()), Date(wholeMilliseconds: try row.integer()))
        }
        return counts
    }

    func insert(_ request: StoredRequest) throws {
        let columns = StoredRequest.columns
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO idempotency_key (\(columns.names)) VALUES (\(columns.marks))
                """
        ).execute(request.storedValues)
    }

    func prune(until start: Date) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM idempotency_key WHERE rowid IN (
                    SELECT rowid FROM idempotency_key WHERE at <= ? ORDER BY at LIMIT ?
                )
                """
        ).execute([
            .integer(start.wholeMilliseconds), .integer(Int64(IdempotencyKey.mostPruned)),
        ])
    }
}

extension StoredRequest: RowReadable {}

extension Database {
    /// Does `change`; with a `request`, only once.
    func perform<Outcome>(
        _ request: IdempotentRequest<Outcome>?, _ change: () throws -> Outcome
    ) throws -> Outcome {
        guard let request else { return try change() }
        return try request.perform(in: SQLiteStoredRequests(db: self), change)
    }
}
