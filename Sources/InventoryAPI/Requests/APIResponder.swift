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
    private let routes: RouteTree
    private let responder: RouteResponder
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
        self.routes = RouteTree(routes)
        responder = RouteResponder(authenticator: authenticator)
        cors = CORS(origins: configuration.origins)
        metrics = authenticator.map { _ in RequestMetrics() }
    }

    package func response(to head: RequestHead, on channel: any Channel) -> EarlyResponse? {
        guard let cache, let key = RequestKey(head) else { return nil }
        let exchange = Exchange(head)
        let entry = cache.entry(for: key)
        let isCurrent = entry.flatMap { try? cache.isCurrentAtOnce($0) }
        if let entry, isCurrent == true { return .ready(response(of: entry, exchange)) }
        let match = routes.match(exchange.path, exchange.method)
        // The router's channel can stream responses, but those of cacheable routes are short.
        guard let route = match.route, route.marks.contains(.cacheable),
            let request = head.request
        else { return nil }
        return .pending {
            let request = Request(head: request, body: .init(buffer: ByteBuffer()))
            var answer: Response
            var authorization: Authorization?
            do {
                if let entry, isCurrent == nil, try await cache.isCurrent(entry) {
                    return response(of: entry, exchange)
                }
                var context = APIContext(source: .init(channel: channel, logger: logger))
                context.match = match
                (answer, authorization) = await respond(to: request, context, exchange)
            } catch {
                // The request must not wait for the store a second time.
                answer = response(to: error, request, exchange)
                addHeaders(to: &answer.headers, exchange)
            }
            let complete = CompleteResponse(answer.head, body: try await answer.body.bytes)
            if let authorization {
                cache.insert(
                    .init(response: complete, route: route.path, authorization: authorization),
                    for: key)
            }
            return finish(complete, exchange, route.path)
        }
    }

    private func response(of entry: ResponseCache.Entry, _ exchange: Exchange) -> CompleteResponse {
        finish(entry.response, exchange, entry.route)
    }

    private func finish(
        _ response: CompleteResponse, _ exchange: Exchange, _ route: String?
    ) -> CompleteResponse {
        var response = response
        response.addHeader(.date, HTTPDate.now)
        response.addHeader(.requestID, exchange.id)
        note(response.status, exchange, route)
        return response
    }

    package func respond(to request: Request, context: APIContext) async throws -> Response {
        let exchange = Exchange(request.head)
        var context = context
        context.match = routes.match(request.uri.path[...], exchange.method)
        var (response, _) = await respond(to: request, context, exchange)
        response.headers[.requestID] = exchange.id
        note(response.status.code, exchange, context.match.route?.path)
        return response
    }

    /// Returns the response without the headers that differ each time, and what ``RouteResponder``
    /// returns for the cache.
    private func respond(
        to request: Request, _ context: APIContext, _ exchange: Exchange
    ) async -> (Response, Authorization?) {
        metrics?.requestBegan()
        defer { metrics?.requestEnded() }
        var (request, context) = (request, context)
        context.logger = exchange.logger(logger)
        applyProxyHeaders(&request, &context)
        var response: Response
        var authorization: Authorization?
        do {
            let (request, context) = (request, context)
            // With this logger, the store's log lines have the request's id.
            (response, authorization) = try await withLogger(context.logger) { _ in
                try await route(request, context)
            }
        } catch {
            response = self.response(to: error, request, exchange)
        }
        if request.method == .head { response = response.createHeadResponse() }
        addHeaders(to: &response.headers, exchange)
        return (response, authorization)
    }

    private func response(
        to error: any Error, _ request: Request, _ exchange: Exchange
    ) -> Response {
        let problem = problem(error, request, exchange)
        let hasPage = problem.type == .notFound && [.get, .head].contains(request.method)
        var response =
            hasPage && request.prefersHTML
            ? problem.page
            : problem.response(problem.text(instance: request.uri.path, requestID: exchange.id))
        if hasPage { response.headers.append(.init(name: .vary, value: "Accept")) }
        return response
    }

    private func route(
        _ request: Request, _ context: APIContext
    ) async throws -> (Response, Authorization?) {
        if let preflight = cors.preflight(request) { return (preflight, nil) }
        try configuration.noAuth.checkHost(context.host)
        if configuration.noAuth != .off {
            try cors.origins.checkWrite(request, host: context.host)
        }
        return try await responder.respond(to: request, context)
    }

    /// Takes the client's address and the scheme from a trusted proxy's headers. A ``PublicURL``
    /// overrides scheme and host.
    private func applyProxyHeaders(_ request: inout Request, _ context: inout APIContext) {
        context.host = request.head.authority
        guard !configuration.proxies.isEmpty || configuration.publicURL != nil else { return }
        var head = request.head
        if let peer = context.clientAddress,
            configuration.proxies.contains(where: { $0.contains(peer) })
        {
            // The trusted proxy appends the last element; the client may have invented the others.
            let last = request.asciiHeader(.xForwardedFor)?.parts(separatedBy: ",").last
            if let address = last.flatMap({ ClientAddress(String($0)) }) {
                context.forwardedAddress = address
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
        let exchange = Exchange(rejected.head)
        let text = rejected.problem.text(instance: rejected.head.uri, requestID: exchange.id)
        var response = rejected.problem.response(text)
        addHeaders(to: &response.headers, exchange)
        return finish(
            CompleteResponse(response.head, body: ByteBuffer(bytes: text)), exchange, nil)
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

    private func addHeaders(to headers: inout HTTPFields, _ exchange: Exchange) {
        // The inventory changes, so clients must revalidate each response; If-None-Match makes that
        // cheap.
        if headers[.cacheControl] == nil { headers[.cacheControl] = "private, no-cache" }
        headers[.xContentTypeOptions] = "nosniff"
        // `RequestValidationHandler` replaces these in the last response of a connection.
        headers[.connection] = "keep-alive"
        headers[.keepAlive] = Self.keepAlive
        cors.addHeaders(to: &headers, for: exchange.origin)
    }

    /// Logs and counts a request.
    private func note(_ status: Int, _ exchange: Exchange, _ route: String?) {
        guard let metrics else { return }
        let duration = ContinuousClock.now - exchange.start
        metrics.count(method: exchange.method, route: route, status: status, duration)
        exchange.log(to: logger, status: status, duration)
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
