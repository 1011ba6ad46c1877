package import Inventory
internal import Metrics
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Answers to what was asked since the inventory last changed, to be given again.
///
/// An inventory is read far more often than it changes, and to ask whether it has changed costs
/// microseconds where to read it costs hundreds of them: see docs/decisions/0009-response-cache.md.
///
/// An answer kept here is never out of date. Who asks, and the state of the inventory, are found out
/// when a request begins, and an answer is made after that: should either change between the two, the
/// next request finds something else, and its answer is made anew.
package final class KeptAnswers: Sendable {
    /// What all answers together may take, in bytes: some 350 pages of 50 numbers.
    static let mostBytes = 3 * 1024 * 1024
    /// What the body of one of them may take: that of a page of 1000 numbers and more.
    static let largestBody = 256 * 1024
    /// What an entry takes beside its body and its request, roughly.
    private static let overheadBytes = 2048

    struct Answer: Sendable {
        /// Without what is each answer's own: its request id, and when it was given.
        let head: HTTPResponseHead
        let body: ByteBuffer
        /// Whose request it answered; nil where nobody needs to sign in.
        let token: TokenDigest?
        /// Who that was, and what the store held after the request began.
        let authentication: Authentication
        /// What counts the requests that it answers.
        let metrics: RequestMetrics
    }

    private struct Content {
        var state: InventoryState?
        var answers: [RequestKey: Answer] = [:]
        var bytes = 0
    }

    private let authenticator: Authenticator
    private let content = Mutex(Content())
    let metrics = RequestMetricsByKind()
    private let hits = Counter(label: "kept_answers_hits_total")
    private let misses = Counter(label: "kept_answers_misses_total")
    private let bytes = Meter(label: "kept_answers_bytes")

    /// - Parameter store: What the answers tell of.
    package convenience init(
        store: any InventoryStore, configuration: InventoryConfiguration
    ) {
        self.init(Authenticator(store: store, configuration: configuration))
    }

    init(_ authenticator: Authenticator) {
        self.authenticator = authenticator
    }

    /// The answer to such a request that was kept last, whether or not it ``isTrue(_:)`` still.
    func answer(to key: RequestKey) -> Answer? {
        content.withLock { $0.answers[key] }
    }

    /// Counts that an answer was given again.
    func noteHit() { hits.increment() }

    /// Whether the same client would be given the same answer now.
    ///
    /// - Throws: What the store does where it cannot tell.
    func isTrue(_ answer: Answer) async throws -> Bool {
        try await answer.authentication == authenticator.authenticate(answer.token)
    }

    /// The same, where the store can tell without waiting for anything; nil where it cannot.
    func isTrueAtOnce(_ answer: Answer) throws -> Bool? {
        try authenticator.authenticateAtOnce(answer.token).map { answer.authentication == $0 }
    }

    /// Keeps what may be given again for as long as its authentication is the same.
    func keep(_ answer: Answer, to key: RequestKey) {
        guard let state = answer.authentication.state else { return }
        misses.increment()
        let size = answer.body.readableBytes + key.size + Self.overheadBytes
        // What is let go is let go after the lock, since it may be thousands of answers.
        _ = content.withLock { content -> Content? in
            var old: Content?
            // All of them go when there is no room: which were asked for most is not worth a list.
            if content.state != state || content.bytes + size > Self.mostBytes {
                (old, content) = (content, Content(state: state))
            }
            if content.answers.updateValue(answer, forKey: key) == nil { content.bytes += size }
            bytes.set(content.bytes)
            return old
        }
    }
}
