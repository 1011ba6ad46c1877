internal import HTTPServer
internal import Inventory
internal import Metrics
internal import NIOCore
internal import Synchronization

/// Caches responses that depend only on the request, its user and the state of the store.
/// A cached response is never stale: user and state are read before the response is computed, so
/// the entry does not match the next request if either changes in between.
final class ResponseCache: Sendable {
    /// How many bytes all entries may have: enough for some 350 pages of 50 numbers.
    static let mostBytes = 3 * 1024 * 1024
    /// How many bytes a cached body may have: a page of 1000 numbers fits.
    static let largestBody = 256 * 1024
    /// The approximate size of an entry without its body and its key.
    private static let overheadBytes = 2048
    private static let mostSeen = 4096

    struct Entry: Sendable {
        /// The response without the headers that differ each time.
        let response: CompleteResponse
        /// The path in the table of routes.
        let route: String
        let authorization: Authorization
    }

    private struct Content {
        var state: StoreStateToken?
        var entries: [RequestKey: Entry] = [:]
        var bytes = 0
        /// Hashes of recent requests: a response is cached from its second request on.
        var seen: Set<Int> = []

        mutating func isSeen(_ key: RequestKey) -> Bool {
            if seen.count >= ResponseCache.mostSeen { seen.removeAll() }
            return !seen.insert(key.hashValue).inserted
        }
    }

    private let authenticator: Authenticator
    private let content = Mutex(Content())
    private let hits = Counter(label: "kept_answers_hits_total")
    private let misses = Counter(label: "kept_answers_misses_total")
    private let bytes = Meter(label: "kept_answers_bytes")

    init(_ authenticator: Authenticator) {
        self.authenticator = authenticator
    }

    /// The cached response to a request with this key; it may be out of date.
    func entry(for key: RequestKey) -> Entry? { content.withLock { $0.entries[key] } }

    /// Whether user and store are as they were when the response was computed.
    func isCurrent(_ entry: Entry) async throws -> Bool {
        isCurrent(entry, try await authenticator.authenticate(entry.authorization.token))
    }

    /// Like ``isCurrent(_:)``, but never waits; nil if the store would have to wait.
    func isCurrentAtOnce(_ entry: Entry) throws -> Bool? {
        try authenticator.authenticateAtOnce(entry.authorization.token).map {
            isCurrent(entry, $0)
        }
    }

    private func isCurrent(_ entry: Entry, _ authentication: Authentication) -> Bool {
        guard entry.authorization.authentication == authentication else { return false }
        hits.increment()
        return true
    }

    func insert(_ entry: Entry, for key: RequestKey) {
        let body = entry.response.body.readableBytes
        guard let state = entry.authorization.authentication.state, body <= Self.largestBody,
            content.withLock({ $0.isSeen(key) })
        else { return }
        misses.increment()
        let bytes = body + key.size + Self.overheadBytes
        // Removed entries are freed after the lock, since they may be thousands.
        _ = content.withLock { content -> Content? in
            var old: Content?
            // If the cache is full, remove all entries: tracking their use costs more than it
            // saves.
            if content.state != state || content.bytes + bytes > Self.mostBytes {
                (old, content) = (content, Content(state: state, seen: content.seen))
            }
            if content.entries.updateValue(entry, forKey: key) == nil { content.bytes += bytes }
            self.bytes.set(content.bytes)
            return old
        }
    }
}
