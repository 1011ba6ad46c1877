internal import Foundation
internal import Inventory
internal import Storage

extension SQLiteConnection: StoredRequests {
    private static let insertRequest = """
        INSERT OR REPLACE INTO idempotency_key (\(StoredRequest.columns.names)) \
        VALUES (\(StoredRequest.columns.parameters))
        """

    /// Does `change`; with a `request`, only once.
    func perform<Outcome>(
        _ request: IdempotentRequest<Outcome>?, _ change: () throws -> Outcome
    ) throws -> Outcome {
        try request.map { try $0.perform(in: self, change) } ?? change()
    }

    /// Does nothing, because SQLite has one writer at a time.
    func lock(_ key: IdempotencyKey) {}

    func request(_ key: IdempotencyKey) throws -> StoredRequest? {
        try row(
            """
            SELECT \(StoredRequest.columns.names) FROM idempotency_key
            WHERE username = ? AND "key" = ?
            """, [.text(key.username), .text(key.text)], as: StoredRequest.init(from:))
    }

    func count(of username: String, after start: Date) throws -> (count: Int, first: Date) {
        let counts = try row(
            """
            SELECT count(*), coalesce(min(at), 0) FROM idempotency_key
            WHERE username = ? AND at > ?
            """, [.text(username), .integer(start.wholeMilliseconds)]
        ) { row in (try row.count(), Date(wholeMilliseconds: try row.integer())) }
        return counts ?? (0, .distantPast)
    }

    func insert(_ request: StoredRequest) throws {
        try execute(Self.insertRequest, request.storedValues)
    }

    func prune(until start: Date) throws {
        try execute(
            """
            DELETE FROM idempotency_key WHERE rowid IN (
                SELECT rowid FROM idempotency_key WHERE at <= ? ORDER BY at LIMIT ?
            )
            """, [.integer(start.wholeMilliseconds), .integer(Int64(IdempotencyKey.mostPruned))])
    }
}
