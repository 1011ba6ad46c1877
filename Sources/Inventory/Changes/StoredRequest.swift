package import Foundation

/// A request that was done, with its response.
package struct StoredRequest: Sendable {
    package let key: IdempotencyKey
    /// See ``RequestDigest``.
    package let digest: String
    package let at: Date
    package let response: ChangeResponse

    package init(key: IdempotencyKey, digest: String, at: Date, response: ChangeResponse) {
        self.key = key
        self.digest = digest
        self.at = at
        self.response = response
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
