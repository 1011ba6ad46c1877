internal import Foundation
internal import Inventory
internal import Storage

/// The stored requests in a transaction of PostgreSQL.
struct PostgresStoredRequests: StoredRequests {
    let connection: Connection

    /// Polls, because the timeouts of the connection are shorter than this wait.
    func lock(_ key: IdempotencyKey) throws {
        let end = ContinuousClock.now + IdempotencyKey.longestWait
        let name = "idempotency_key \(key.username)\n\(key.text)"
        while try connection.query(
            "SELECT 1 WHERE pg_try_advisory_xact_lock(hashtextextended($1, 0))", [name]
        ).count == 0 {
            guard ContinuousClock.now < end else { throw InventoryError.idempotencyKeyInUse }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    func request(_ key: IdempotencyKey) throws -> StoredRequest? {
        try connection.query(
            """
            SELECT \(StoredRequest.columns.names) FROM idempotency_key
            WHERE username = $1 AND key = $2
            """, [key.username, key.text]
        ).first { row in
            var reader = RowReader(row: row)
            return try StoredRequest(from: &reader)
        }
    }

    func count(of username: String, after start: Date) throws -> (count: Int, first: Date) {
        let counts = try connection.query(
            """
            SELECT count(*), coalesce(min(at), 0) FROM idempotency_key
            WHERE username = $1 AND at > $2
            """, [username, String(start.wholeMilliseconds)]
        ).first { (Int(try $0.integer(0)), Date(wholeMilliseconds: try $0.integer(1))) }
        return counts ?? (0, .distantPast)
    }

    func insert(_ request: StoredRequest) throws {
        let columns = StoredRequest.columns
        try connection.query(
            """
            INSERT INTO idempotency_key (\(columns.names)) VALUES (\(columns.parameters))
            ON CONFLICT (username, key)
            DO UPDATE SET (\(columns.names)) = (\(columns.names(of: "excluded")))
            """, request.storedValues.parameters)
    }

    func prune(until start: Date) throws {
        try connection.query(
            """
            DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM idempotency_key WHERE at <= $1 ORDER BY at LIMIT $2::bigint
                FOR UPDATE SKIP LOCKED
            ))
            """, [String(start.wholeMilliseconds), String(IdempotencyKey.mostPruned)])
    }
}

extension Connection {
    /// Does `change` in the connection's transaction; with a `request`, only once.
    func perform<Outcome>(
        _ request: IdempotentRequest<Outcome>?, _ change: () throws -> Outcome
    ) throws -> Outcome {
        guard let request else { return try change() }
        return try request.perform(in: PostgresStoredRequests(connection: self), change)
    }
}
