internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import Synchronization

/// Answers to what was asked since the inventory last changed, to be given again.
///
/// An inventory is read far more often than it changes, and to ask whether it has changed costs
/// microseconds where a page costs hundreds of them: docs/performance.md has the figures.
///
/// An answer kept here is never out of date. The state is asked for when a request begins, and an
/// answer is made after that: should the inventory change between the two, the next request finds
/// another state, and makes its answer anew.
final class KeptAnswers: Sendable {
    /// What all answers together may take, in bytes.
    static let mostBytes = 16 * 1024 * 1024
    /// What one of them may take: that of a page of 1000 numbers and more.
    static let largestAnswer = 256 * 1024
    /// What an address may take to be remembered: more than any that our pages are asked for by.
    static let longestURI = 512
    /// What an entry takes beside its body and its address, roughly.
    private static let overheadBytes = 1024

    /// All of the request that an answer depends on, beside the inventory.
    private struct Key: Hashable {
        let scheme: String?
        let authority: String?
        let uri: String

        /// Nil for what is too long to be kept, or costly to compare.
        init?(_ request: Request) {
            (scheme, authority, uri) = (
                request.head.scheme, request.head.authority, request.uri.string
            )
            let parts = [uri, authority ?? "", scheme ?? ""]
            guard parts.allSatisfy({ $0.utf8.count <= KeptAnswers.longestURI && $0.isASCII }) else {
                return nil
            }
        }
    }

    private struct Content {
        var state: InventoryState?
        var answers: [Key: Response] = [:]
        var bytes = 0
    }

    private let content = Mutex(Content())

    /// The answer that was given to such a request in this state, or the one that `make` makes.
    ///
    /// - Parameter state: What the inventory was after `request` began; nil where the store cannot
    ///   tell, and each answer is made anew.
    /// - Throws: What `make` throws, which is not kept.
    func answer(
        _ request: Request, in state: InventoryState?, _ make: () async throws -> Response
    ) async throws -> Response {
        guard let state, let key = Key(request) else { return try await make() }
        if let kept = content.withLock({ $0.state == state ? $0.answers[key] : nil }) {
            return kept
        }
        let answer = try await make()
        keep(answer, for: key, in: state)
        return answer
    }

    private func keep(_ answer: Response, for key: Key, in state: InventoryState) {
        guard let length = answer.body.contentLength, length <= Self.largestAnswer else { return }
        let size = length + key.uri.utf8.count + Self.overheadBytes
        // What is let go is let go after the lock, since it may be thousands of answers.
        _ = content.withLock { content -> Content? in
            var old: Content?
            // All of them go when there is no room: which were asked for most is not worth a list.
            if content.state != state || content.bytes + size > Self.mostBytes {
                (old, content) = (content, Content(state: state))
            }
            if content.answers.updateValue(answer, forKey: key) == nil { content.bytes += size }
            return old
        }
    }
}
