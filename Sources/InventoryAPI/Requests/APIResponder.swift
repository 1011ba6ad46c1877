package import HTTPServer
internal import HTTPTypes
package import Hummingbird
internal import HummingbirdCore
package import Inventory
package import Logging
package import NIOCore

/// Responds to each request, from the cache or by a route. It adds the request id and the headers
/// for browsers to all responses, also to rejected requests, and logs and counts them.
package struct APIResponder: HTTPResponder, EarlyResponder {
    private static let keepAlive = "timeout=\(ConnectionLimits.keepAliveSeconds)"

    private let configuration: InventoryConfiguration
    private let routes: RouteResponder
    private let cache: ResponseCache?
    private let cors: CORS
    private let logger: Logger
    /// Nil if requests are neither counted nor logged.
    private let metrics: RequestMetrics?

    package init(
        store: any InventoryStore, configuration: InventoryConfiguration = .init(), logger: Logger
    ) {
        self.init(
            routes: inventoryRoutes(store: store, configuration: configuration),
            Authenticator(store: store, configuration: configuration), configuration, logger)
    }

    /// - Parameter authenticator: Nil to neither authenticate, count nor log requests.
    init(
        routes: [Route], _ authenticator: Authenticator?,
        _ configuration: InventoryConfiguration, _ logger: Logger
    ) {
        self.configuration = configuration
        self.logger = logger
        cache = authenticator.map(ResponseCache.init)
        self.routes = RouteResponder(
            routes: RouteTree(routes), authenticator: authenticator, cache: cache)
        cors = CORS(origins: configuration.origins)
        metrics = authenticator.map { _ in RequestMetrics() }
    }

    package func response(to head: RequestHead) -> EarlyResponse? {
        guard let cache, let key = RequestKey(head), let entry = cache.entry(for: key)
        else { return nil }
        let exchange = Exchange(head)
        if let isCurrent = try? cache.isCurrentAtOnce(entry) {
            return isCurrent ? .ready(response(of: entry, exchange)) : nil
        }
        return .pending {
            metrics?.requestBegan()
            defer { metrics?.requestEnded() }
            do {
                let isCurrent = try await withLogger(exchange.logger(logger)) { _ in
                    try await cache.isCurrent(entry)
                }
                return isCurrent ? response(of: entry, exchange) : nil
            } catch {
                let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: head.uri)
                let request = Request(head: head, body: .init(buffer: ByteBuffer()))
                return response(
                    to: problem(error, request, exchange), at: request.uri.path, exchange,
                    route: entry.route)
            }
        }
    }

    private func response(of entry: ResponseCache.Entry, _ exchange: Exchange) -> CompleteResponse {
        var response = HTTPResponse(status: entry.status, headerFields: entry.headers)
        response.headerFields[.date] = HTTPDate.now
        finish(&response, exchange, route: entry.route)
        return (response, entry.body)
    }

    package func respond(to request: Request, context: APIContext) async throws -> Response {
        metrics?.requestBegan()
        defer { metrics?.requestEnded() }
        let exchange = Exchange(request.head)
        var (request, context) = (request, context)
        context.cacheKey = cache.flatMap { _ in
            RequestKey(request.head, peer: context.clientAddress)
        }
        context.logger = exchange.logger(logger)
        applyProxyHeaders(&request, &context)
        var response: Response
        do {
            let (request, context) = (request, context)
            // With this logger, the store's log lines have the request's id.
            response = try await withLogger(context.logger) { _ in
                try await route(request, context)
            }
        } catch {
            let problem = problem(error, request, exchange)
            let hasPage = problem.type == .notFound && [.get, .head].contains(request.method)
            response =
                hasPage && request.prefersHTML
                ? problem.page
                : problem.response(
                    problem.text(instance: request.uri.path, requestID: exchange.id))
            if hasPage { response.headers.append(.init(name: .vary, value: "Accept")) }
        }
        if request.method == .head { response = response.createHeadResponse() }
        finish(&response.head, exchange, route: context.endpointPath)
        return response
    }

    private func route(_ request: Request, _ context: APIContext) async throws -> Response {
        if let preflight = cors.preflight(request) { return preflight }
        try configuration.noAuth.checkHost(context.host)
        if configuration.noAuth != .off {
            try cors.origins.checkWrite(request, host: context.host)
        }
        return try await routes.respond(to: request, context)
    }

    /// Takes the client's address and the scheme from a trusted proxy's headers. A ``PublicURL``
    /// overrides scheme and host.
    private func applyProxyHeaders(_ request: inout Request, _ context: inout APIContext) {
        var head = request.head
        context.host = head.authority
        if let peer = context.clientAddress,
            configuration.proxies.contains(where: { $0.contains(peer) })
        {
            // The trusted proxy appends the last element; the client may have invented the others.
            let last = request.asciiHeader(.xForwardedFor)?.parts(separatedBy: ",").last
            if let address = last.flatMap({ ClientAddress(String($0)) }) {
                context.clientAddress = address
            }
            let scheme = request.asciiHeader(.xForwardedProto)?.lowercased()
            if let scheme, ["http", "https"].contains(scheme) { head.scheme = scheme }
        }
        if let url = configuration.publicURL {
            (head.scheme, head.authority) = (url.scheme, url.authority)
        }
        request = Request(head: head, body: request.body)
    }

    package func response(to rejected: RejectedRequest) -> CompleteResponse {
        response(
            to: rejected.problem, at: rejected.head.uri, Exchange(rejected.head), route: nil)
    }

    private func response(
        to problem: Problem, at path: String, _ exchange: Exchange, route: String?
    ) -> CompleteResponse {
        let text = problem.text(instance: path, requestID: exchange.id)
        var response = problem.response(text).head
        response.headerFields[.date] = HTTPDate.now
        finish(&response, exchange, route: route)
        return (response, ByteBuffer(bytes: text))
    }

    private func problem(
        _ error: any Error, _ request: Request, _ exchange: Exchange
    ) -> Problem {
        let problem = Problem(error, request: request)
        // A ``Problem`` that was thrown is no failure, such as a full queue.
        if problem.type.status.kind == .serverError, !(error is Problem) {
            exchange.logger(logger).error(
                "\(problem.type.title)", metadata: ["error": "\(String(reflecting: error))"])
        }
        return problem
    }

    private func finish(_ response: inout HTTPResponse, _ exchange: Exchange, route: String?) {
        // The inventory changes, so clients must revalidate each response; If-None-Match makes that
        // cheap.
        if response.headerFields[.cacheControl] == nil {
            response.headerFields[.cacheControl] = "private, no-cache"
        }
        response.headerFields[.xContentTypeOptions] = "nosniff"
        // `RequestValidationHandler` replaces these in the last response of a connection.
        response.headerFields[.connection] = "keep-alive"
        response.headerFields[.keepAlive] = Self.keepAlive
        cors.addHeaders(to: &response.headerFields, for: exchange.origin)
        response.headerFields[.requestID] = exchange.id
        guard let metrics else { return }
        let duration = ContinuousClock.now - exchange.start
        metrics.count(
            method: exchange.method, route: route, status: response.status.code, duration)
        exchange.log(to: logger, status: response.status.code, duration)
    }
}

extension APIResponder {
    package func application(
        _ configuration: ApplicationConfiguration, logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<APIResponder> {
        Application(
            responder: self,
            server: HTTPServerBuilder { BoundedHTTPChannel(responder: $0, early: self) },
            configuration: configuration, onServerRunning: onServerRunning, logger: logger)
    }
}
