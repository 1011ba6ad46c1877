package import Foundation

package struct StoredRequest: Sendable {
    package let key: IdempotencyKey
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

/// The stored requests in a transaction. A store implements the SQL.
package protocol StoredRequests {
    /// Locks the key until the transaction ends.
    ///
    /// - Throws: ``InventoryError/idempotencyKeyInUse`` after ``IdempotencyKey/longestWait``.
    func lock(_ key: IdempotencyKey) throws
    func request(_ key: IdempotencyKey) throws -> StoredRequest?
    func count(of username: String, after start: Date) throws -> (count: Int, first: Date)
    /// Inserts the request, or replaces an expired one with the same key.
    func insert(_ request: StoredRequest) throws
    /// Deletes at most ``IdempotencyKey/mostPruned`` requests made at `start` or earlier.
    func prune(until start: Date) throws
}
