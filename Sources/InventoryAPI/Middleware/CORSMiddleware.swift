internal import HTTPTypes
internal import Hummingbird

/// The web pages of other origins that may use the API.
package enum AllowedOrigins: Sendable, Equatable {
    case all
    case some(Set<String>)
}

/// Lets the pages of allowed origins read the answers
/// (https://fetch.spec.whatwg.org/#http-cors-protocol).
///
/// Hummingbird's own middleware knows one origin or all, and exposes no headers of errors.
struct CORSMiddleware: RouterMiddleware {
    let origins: AllowedOrigins

    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    private static let requestHeaders = """
        Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id
        """
    private static let exposedHeaders = """
        Change-Id, Content-Disposition, ETag, Idempotency-Replayed, Link, Location, X-Total-Count, \
        Request-Id, Retry-After
        """

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard origins != .some([]) else { return try await next(request, context) }
        let allowed = request.asciiHeader(.origin).flatMap(allowedOrigin)
        var response =
            if let allowed, request.isPreflight {
                preflight(for: allowed)
            } else {
                try await next(request, context)
            }
        if origins != .all { response.headers.append(.init(name: .vary, value: "Origin")) }
        if let allowed {
            response.headers[.accessControlAllowOrigin] = allowed
            response.headers[.accessControlExposeHeaders] = Self.exposedHeaders
        }
        return response
    }

    private func allowedOrigin(_ origin: String) -> String? {
        switch origins {
        case .all: "*"
        case .some(let origins): origins.contains(origin) ? origin : nil
        }
    }

    private func preflight(for origin: String) -> Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: Self.methods,
                .accessControlAllowHeaders: Self.requestHeaders,
                .accessControlMaxAge: "600",
            ])
    }
}

extension Request {
    fileprivate var isPreflight: Bool {
        method == .options && headers[.accessControlRequestMethod] != nil
    }
}
