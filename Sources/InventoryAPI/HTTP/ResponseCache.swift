internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import Metrics
internal import Synchronization

/// Caches responses that depend only on the request, its user and the state of the store.
///
/// The store is read far more often than it changes. Checking its state takes microseconds; computing a page takes
/// hundreds.
///
/// A cached response is never stale. The user and the state of the store are read when a request begins, and its
/// response is computed after that: if either changes between the two, the next request finds another
/// authentication, and its response is computed again.
final class ResponseCache: Sendable {
    /// The size of all entries together, in bytes: some 350 pages of 50 numbers.
    static let mostBytes = 3 * 1024 * 1024
    /// The size of the body of one of them: that of a page of 1000 numbers and more.
    static let largestBody = 256 * 1024
    /// The approximate size of an entry beside its body and its key.
    private static let overheadBytes = 2048
    /// The most hashes in `seen`.
    private static let mostSeen = 4096

    struct Entry: Sendable {
        let headers: HTTPFields
        let status: HTTPResponse.Status
        let body: ByteBuffer
        /// The pattern of the request's path.
        let route: String?
        /// The token of the request; nil if the server requires no sign-in.
        let token: TokenDigest?
        /// The user, and the state of the store when the request began.
        let authentication: Authentication

        var response: Response {
            Response(status: status, headers: headers, body: .init(byteBuffer: body))
        }
    }

    private struct Content {
        var state: StoreStateToken?
        var entries: [RequestKey: Entry] = [:]
        var bytes = 0
        /// Hashes of recent requests: a response is cached from its second request on.
        var seen: Set<Int> = []

        /// Whether the same request was sent before.
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

    /// The latest cached response to such a request, which may be stale.
    func entry(for key: RequestKey) -> Entry? {
        content.withLock { $0.entries[key] }
    }

    /// Whether the entry is current; nil if the store would have to wait to find out.
    ///
    /// - Throws: Errors of the store.
    func isCurrentAtOnce(_ entry: Entry) throws -> Bool? {
        try authenticator.authenticateAtOnce(entry.token).map { isCurrent(entry, $0) }
    }

    /// Whether the entry is current.
    ///
    /// - Throws: Errors of the store.
    func isCurrent(_ entry: Entry) async throws -> Bool {
        isCurrent(entry, try await authenticator.authenticate(entry.token))
    }

    private func isCurrent(_ entry: Entry, _ authentication: Authentication) -> Bool {
        guard entry.authentication == authentication else { return false }
        hits.increment()
        return true
    }

    /// Caches the response to a request that was sent before.
    func insert(_ entry: Entry, for key: RequestKey) {
        guard let state = entry.authentication.state else { return }
        let bytes = entry.body.readableBytes + key.size + Self.overheadBytes
        // Removed entries are freed after the lock, since they may be thousands.
        _ = content.withLock { content -> Content? in
            guard content.isSeen(key) else { return nil }
            misses.increment()
            var old: Content?
            // If the cache is full, remove all entries: tracking their use costs more than it saves.
            if content.state != state || content.bytes + bytes > Self.mostBytes {
                (old, content) = (content, Content(state: state, seen: content.seen))
            }
            if content.entries.updateValue(entry, forKey: key) == nil { content.bytes += bytes }
            self.bytes.set(content.bytes)
            return old
        }
    }
}

/// Where the response to a request may be cached.
struct CacheSlot: Sendable {
    let cache: ResponseCache
    let key: RequestKey
    fileprivate var token: TokenDigest?
    fileprivate var authentication: Authentication?

    init(cache: ResponseCache, key: RequestKey) {
        self.cache = cache
        self.key = key
    }

    /// The user of the request is known.
    mutating func authenticated(_ token: TokenDigest?, _ authentication: Authentication) {
        self.token = token
        self.authentication = authentication
    }
}

/// Lets the responses of routes be cached: they depend only on the request, its user and the state of the store.
struct CacheableMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: UserContext,
        next: (Request, UserContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        guard let slot = context.cacheSlot, let authentication = slot.authentication,
            let size = response.body.contentLength, size <= ResponseCache.largestBody
        else { return response }
        let body = BodyCollector()
        // Hummingbird's HEAD is a GET whose body is removed later.
        if request.method != .head { try await response.body.write(body) }
        let entry = ResponseCache.Entry(
            headers: response.headers, status: response.status, body: body.content,
            route: context.endpointPath, token: slot.token, authentication: authentication)
        slot.cache.insert(entry, for: slot.key)
        return response
    }
}

/// The bytes of a body.
private final class BodyCollector: ResponseBodyWriter {
    private(set) var content = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws {
        var buffer = buffer
        if content.readableBytes == 0 { content = buffer } else { content.writeBuffer(&buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
