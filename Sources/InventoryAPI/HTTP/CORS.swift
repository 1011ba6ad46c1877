internal import HTTPTypes
internal import Hummingbird

/// The web pages of other origins that may use the API.
package enum AllowedOrigins: Sendable, Equatable {
    case all
    case some(Set<String>)
}

/// Lets the pages of allowed origins read the responses
/// (https://fetch.spec.whatwg.org/#http-cors-protocol).
///
/// Hummingbird's own middleware knows one origin or all, and exposes no headers of errors.
struct CORS {
    let origins: AllowedOrigins

    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    private static let requestHeaders = """
        Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id
        """
    private static let exposedHeaders = """
        Change-Id, Content-Disposition, ETag, Idempotency-Replayed, Link, Location, X-Total-Count, \
        Request-Id, Retry-After
        """

    /// The response to a preflight of an allowed origin; nil for any other request.
    func preflight(_ request: Request) -> Response? {
        guard request.method == .options, request.headers[.accessControlRequestMethod] != nil,
            request.asciiHeader(.origin).flatMap(allowedOrigin) != nil
        else { return nil }
        return Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: Self.methods,
                .accessControlAllowHeaders: Self.requestHeaders,
                .accessControlMaxAge: "600",
            ])
    }

    /// - Parameter origin: The one that the request names.
    func addHeaders(to fields: inout HTTPFields, for origin: String?) {
        guard origins != .some([]) else { return }
        if origins != .all { fields.append(.init(name: .vary, value: "Origin")) }
        guard let allowed = origin.flatMap(allowedOrigin) else { return }
        fields[.accessControlAllowOrigin] = allowed
        fields[.accessControlExposeHeaders] = Self.exposedHeaders
    }

    private func allowedOrigin(_ origin: String) -> String? {
        switch origins {
        case .all: "*"
        case .some(let origins): origins.contains(origin) ? origin : nil
        }
    }
}
