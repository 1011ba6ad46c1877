package import Foundation

/// A request for a change that is done once, however often it is sent.
package struct IdempotentRequest<Outcome>: Sendable {
    package let key: IdempotencyKey
    private let digest: RequestDigest
    private let at: Date
    private let response: @Sendable (Outcome) -> ChangeResponse

    /// - Parameter response: Is stored with the change, to be replayed.
    package init(
        _ key: IdempotencyKey, _ digest: RequestDigest, at: Date,
        response: @escaping @Sendable (Outcome) -> ChangeResponse
    ) {
        self.key = key
        self.digest = digest
        self.at = at
        self.response = response
    }

    /// Does `change`, and stores the response in the same transaction.
    ///
    /// - Throws: ``Replay`` if this request was done before,
    ///   ``InventoryError/idempotencyKeyReused`` if another request used the key,
    ///   ``InventoryError/idempotencyKeyInUse``, ``InventoryError/tooManyIdempotencyKeys(seconds:)``,
    ///   and what `change` throws.
    package func perform(
        in requests: some StoredRequests, _ change: () throws -> Outcome
    ) throws -> Outcome {
        try requests.lock(key)
        let start = at - IdempotencyKey.lifetime
        let digest = digest.text
        if let stored = try requests.request(key), stored.at > start {
            guard stored.digest == digest else { throw InventoryError.idempotencyKeyReused }
            throw Replay(response: stored.response)
        }
        let (count, first) = try requests.count(of: key.username, after: start)
        guard count < IdempotencyKey.mostPerUser else {
            let seconds = first.timeIntervalSince(start).rounded(.up)
            throw InventoryError.tooManyIdempotencyKeys(seconds: Int(seconds))
        }
        let outcome = try change()
        try requests.insert(
            StoredRequest(key: key, digest: digest, at: at, response: response(outcome).bounded))
        // Last, so that no transaction waits for a row that another one prunes.
        try requests.prune(until: start)
        return outcome
    }
}

/// The request was done before, with this response, and nothing was done now.
package struct Replay: Error {
    package let response: ChangeResponse
}
