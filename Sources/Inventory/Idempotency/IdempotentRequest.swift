internal import Crypto
package import Foundation

/// A request that takes effect once, even if the client repeats it.
package struct IdempotentRequest<Outcome>: Sendable {
    package let key: IdempotencyKey
    private let digest: RequestDigest
    private let at: Date
    private let response: @Sendable (Outcome) -> ChangeResponse

    package init(
        _ key: IdempotencyKey, _ digest: RequestDigest, at: Date,
        response: @escaping @Sendable (Outcome) -> ChangeResponse
    ) {
        self.key = key
        self.digest = digest
        self.at = at
        self.response = response
    }

    /// Calls `change`, and stores the response in the same transaction.
    ///
    /// - Throws: ``Replay`` if the request is a repetition, ``InventoryError/idempotencyKeyReused``
    ///   if another request used the key, ``InventoryError/idempotencyKeyInUse``,
    ///   ``InventoryError/tooManyIdempotencyKeys(seconds:)``, and the errors of `change`.
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
        // Prune last, so that no transaction waits for a row that another one prunes.
        try requests.prune(until: start)
        return outcome
    }
}

/// Thrown instead of repeating a request; `response` is the response to the earlier request.
package struct Replay: Error {
    package let response: ChangeResponse
}

/// The SHA-256 of a request, which distinguishes requests with the same key.
package struct RequestDigest: Sendable {
    private var hash = SHA256()

    /// - Parameter parts: Texts without NUL; nil counts as an empty text.
    package init(_ parts: [String?]) {
        for part in parts { hash.update(data: Array((part ?? "").utf8) + [0]) }
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: bytes)
    }

    /// 64 hexadecimal digits.
    package var text: String { hash.finalize().hexadecimal }
}
