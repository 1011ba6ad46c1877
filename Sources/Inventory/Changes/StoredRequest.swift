package import Foundation

/// A request that was done, with its response.
package struct StoredRequest: Sendable {
    package let key: IdempotencyKey
    /// See ``RequestDigest``.
    package let digest: String
    package let at: Date
    package let response: ChangeResponse
}

extension StoredRequest {
    /// Where a store keeps a request, in the order of ``storedValues`` and of ``init(from:)``.
    package static let columns: [StoredColumn] = [
        .text("username"), .text("key"), .text("digest"), .integer("at"), .integer("status"),
        .text("location"), .text("etag"), .integer("change"), .text("body"),
    ]

    package var storedValues: [StoredValue] {
        [
            .text(key.username), .text(key.text), .text(digest), .integer(at.wholeMilliseconds),
            .integer(Int64(response.status)), response.location.map(StoredValue.text) ?? .null,
            response.etag.map(StoredValue.text) ?? .null,
            response.change.map(StoredValue.integer) ?? .null,
            .text(String(decoding: response.body, as: UTF8.self)),
        ]
    }

    /// Reads ``columns``.
    package init(from row: inout some StoredRow) throws {
        let username = try row.text()
        key = IdempotencyKey(stored: try row.text(), of: username)
        digest = try row.text()
        at = Date(wholeMilliseconds: try row.integer())
        response = ChangeResponse(
            status: Int(try row.integer()), location: try row.optionalText(),
            etag: try row.optionalText(), change: try row.optionalInteger(),
            body: Array(try row.text().utf8))
    }
}

/// Reads and writes the stored requests in a transaction; a store implements only the SQL.
package protocol StoredRequests {
    /// Makes other transactions with this key wait until this one ends.
    ///
    /// - Throws: ``InventoryError/idempotencyKeyInUse`` after ``IdempotencyKey/longestWait``.
    func lock(_ key: IdempotencyKey) throws
    func request(_ key: IdempotencyKey) throws -> StoredRequest?
    /// How many requests of a user are later than `start`, and when the first of them was.
    func count(of username: String, after start: Date) throws -> (count: Int, first: Date)
    /// Inserts the request; it replaces an expired one with the same key.
    func insert(_ request: StoredRequest) throws
    /// Deletes requests that are not later than `start`, at most ``IdempotencyKey/mostPruned``.
    func prune(until start: Date) throws
}
