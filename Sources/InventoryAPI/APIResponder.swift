package import HTTPServer
internal import HTTPTypes
package import Hummingbird
package import Inventory
package import Logging

/// Responds to each request, from the cache or by a route.
///
/// What all responses have in common is added here, also to those that reject a request: the request id, the
/// headers for browsers, the log line and metrics.
package struct APIResponder: HTTPResponder, ImmediateResponder {
    private static let keepAlive = "timeout=\(ConnectionLimits.keepAliveSeconds)"

    private let configuration: InventoryConfiguration
    private let routes: RouterResponder<APIContext>
    private let methods: RouteTable
    private let cache: ResponseCache?
    private let cors: CORS
    private let logger: Logger
    /// It is nil if requests are neither counted nor logged.
    private let metrics: RequestMetricsByKind?

    /// The server of an inventory.
    ///
    /// - Parameter store: Where numbers, users and sessions are stored.
    package init(
        store: any InventoryStore, configuration: InventoryConfiguration = .init(), logger: Logger
    ) {
        self.init(
            inventoryRouter(store: store, configuration: configuration),
            cache: ResponseCache(Authenticator(store: store, configuration: configuration)),
            configuration, logger, isObserved: true)
    }

    /// - Parameter isObserved: Whether requests are counted and logged.
    init(
        _ router: Router<APIContext>, cache: ResponseCache?,
        _ configuration: InventoryConfiguration, _ logger: Logger, isObserved: Bool
    ) {
        self.configuration = configuration
        self.cache = cache
        self.logger = logger
        // Before the router adds HEAD to them.
        methods = RouteTable(router.routes)
        routes = router.buildResponder()
        cors = CORS(origins: configuration.origins)
        metrics = isObserved ? RequestMetricsByKind() : nil
    }

    package func response(to head: RequestHead) -> ImmediateResponse? {
        guard let cache, let key = RequestKey(head), let entry = cache.entry(for: key),
            let isCurrent = try? cache.isCurrentAtOnce(entry), isCurrent
        else { return nil }
        // As HTTPFields joins them.
        func joined(_ name: String) -> String? {
            let values = head.values(of: name)
            return values.isEmpty ? nil : values.joined(separator: ", ")
        }
        let exchange = Exchange(
            method: head.method, uri: head.uri, origin: joined("origin"),
            id: joined("x-request-id"), traces: head.values(of: "traceparent"))
        var response = HTTPResponse(status: entry.status, headerFields: entry.headers)
        response.headerFields[.date] = HTTPDate.now.text
        finish(&response, exchange, route: entry.route)
        return (response, entry.body)
    }

    package func respond(to request: Request, context: APIContext) async throws -> Response {
        metrics?.requestBegan()
        defer { metrics?.requestEnded() }
        let exchange = Exchange(request.head)
        var (request, context) = (request, context)
        if let cache, let key = RequestKey(request.head, peer: context.clientAddress) {
            context.cacheSlot = CacheSlot(cache: cache, key: key)
        }
        context.requestID = exchange.id.text
        context.logger = logger.ofRequest(exchange.id, exchange.trace)
        applyProxyHeaders(&request, &context)
        var response: Response
        do {
            let (request, context) = (request, context)
            // The lines that a store logs meanwhile are of this request.
            response = try await withLogger(context.logger) { _ in
                if let response = try await cachedResponse(context) { return response }
                return try await route(request, context)
            }
        } catch {
            response = problem(error, request, exchange)
        }
        if request.method == .head { response = response.createHeadResponse() }
        finish(&response.head, exchange, route: context.endpointPath)
        return response
    }

    private func cachedResponse(_ context: APIContext) async throws -> Response? {
        guard let slot = context.cacheSlot, let entry = slot.cache.entry(for: slot.key),
            try await slot.cache.isCurrent(entry)
        else { return nil }
        context.coreContext.endpointPath.value = entry.route
        return entry.response
    }

    private func route(_ request: Request, _ context: APIContext) async throws -> Response {
        if let preflight = cors.preflight(request) { return preflight }
        try configuration.hosts.check(context.host)
        if configuration.access == .everybody {
            let check = OriginCheck(origins: configuration.origins)
            try check.check(request, host: context.host)
        }
        let response = try await routes.respond(to: request, context: context)
        // Without a route for this path and method, the router sets a name of its own.
        if context.endpointPath?.utf8.first == UInt8(ascii: "/") { return response }
        guard let response = try methods.response(to: request) else {
            throw Problem.notFound("There is nothing at \(request.uri.path).")
        }
        return response
    }

    /// Sets the client's address and the URL that the client used.
    ///
    /// A trusted proxy's headers give the address and the scheme. A ``PublicURL`` overrides scheme and host.
    private func applyProxyHeaders(_ request: inout Request, _ context: inout APIContext) {
        var head = request.head
        context.host = head.authority
        if let peer = context.clientAddress,
            configuration.proxies.contains(where: { $0.contains(peer) })
        {
            // The trusted proxy appends the last element; the client may have made up those before it.
            let last = request.asciiHeader(.xForwardedFor)?.split(separator: ",").last?
                .trimmingBlanks()
            if let address = last.flatMap({ ClientAddress($0) }) { context.clientAddress = address }
            let scheme = request.asciiHeader(.xForwardedProto)?.lowercased()
            if let scheme, ["http", "https"].contains(scheme) { head.scheme = scheme }
        }
        if let url = configuration.publicURL {
            (head.scheme, head.authority) = (url.scheme, url.authority)
        }
        request = Request(head: head, body: request.body)
    }

    package func response(to rejected: RejectedRequest) -> ImmediateResponse {
        let exchange = Exchange(rejected.head)
        let problem = rejected.problem
        let text = problem.text(instance: rejected.head.path ?? "", requestID: exchange.id.text)
        var response = problem.response(text).head
        response.headerFields[.date] = HTTPDate.now.text
        finish(&response, exchange, route: nil)
        return (response, ByteBuffer(bytes: text))
    }

    private func problem(
        _ error: any Error, _ request: Request, _ exchange: Exchange
    ) -> Response {
        let problem = Problem(error, request: request)
        if problem.type.status.kind == .serverError {
            logger.ofRequest(exchange.id, exchange.trace).error(
                "\(problem.type.title)", metadata: ["error": "\(String(reflecting: error))"])
        }
        return problem.response(instance: request.uri.path, requestID: exchange.id.text)
    }

    private func finish(_ response: inout HTTPResponse, _ exchange: Exchange, route: String?) {
        // An inventory changes, so clients ask again each time, which If-None-Match makes cheap.
        if response.headerFields[.cacheControl] == nil {
            response.headerFields[.cacheControl] = "private, no-cache"
        }
        response.headerFields[.xContentTypeOptions] = "nosniff"
        // `RequestValidationHandler` replaces these in the last response of a connection.
        response.headerFields[.connection] = "keep-alive"
        response.headerFields[.keepAlive] = Self.keepAlive
        cors.addHeaders(to: &response.headerFields, for: exchange.origin)
        response.headerFields[.requestID] = exchange.id.text
        guard let metrics else { return }
        let duration = ContinuousClock.now - exchange.start
        metrics(method: exchange.method, route: route, status: response.status.code).note(duration)
        RequestLine(
            method: exchange.method, path: exchange.path, status: response.status.code,
            took: duration
        ).write(to: logger, requestID: exchange.id, trace: exchange.trace)
    }
}

/// What all responses need of a request.
private struct Exchange {
    let start = ContinuousClock.now
    let method: String
    /// Without the query.
    let path: Substring
    let origin: String?
    let id: RequestID
    let trace: TraceParent?

    init(method: String, uri: String, origin: String?, id: String?, traces: [String]) {
        self.method = method
        path = Substring(uri.utf8.prefix { $0 != UInt8(ascii: "?") })
        self.origin = origin.flatMap { $0.utf8.count <= 1024 && $0.isASCII ? $0 : nil }
        self.id = RequestID(askedFor: id)
        trace = TraceParent(traces)
    }

    init(_ head: HTTPRequest) {
        let fields = head.headerFields
        self.init(
            method: head.method.rawValue, uri: head.path ?? "", origin: fields[.origin],
            id: fields[.xRequestID], traces: fields[values: .traceParent])
    }
}

extension Logger {
    /// A logger whose lines are those of one request.
    fileprivate func ofRequest(_ id: RequestID, _ trace: TraceParent?) -> Logger {
        var logger = self
        logger[metadataKey: "requestId"] = .string(id.text)
        if let trace { logger[metadataKey: "traceparent"] = .string(trace.text) }
        return logger
    }
}
