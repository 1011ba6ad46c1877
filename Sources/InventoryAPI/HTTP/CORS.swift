internal import HTTPTypes
internal import Hummingbird

/// The other origins whose web pages may use the API.
package enum AllowedOrigins: Sendable, Equatable {
    case all
    case some(Set<String>)
}

/// Lets allowed origins read responses (https://fetch.spec.whatwg.org/#http-cors-protocol).
/// Hummingbird's middleware supports one origin or all, and does not expose the headers of errors.
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

extension AllowedOrigins {
    /// Rejects writes from web pages of other origins, which CORS does not prevent: the browser
    /// sends them before it decides whether the page may read the response. Clients other than
    /// browsers send neither `Origin` nor `Sec-Fetch-Site`.
    func checkWrite(_ request: Request, host: String?) throws(Problem) {
        guard [.get, .head, .options].contains(request.method) || allowsWrite(request, host) else {
            throw Problem(
                .originNotAllowed,
                """
                A web page of another origin cannot change anything here without sign-in. List its origin \
                in CORS_ORIGINS.
                """)
        }
    }

    private func allowsWrite(_ request: Request, _ host: String?) -> Bool {
        guard request.headers[.origin] != nil else {
            let site = request.headers[.secFetchSite]
            return site == nil || site == "same-origin" || site == "none"
        }
        // Reject an origin that is too long or not ASCII: no browser sends one.
        guard let origin = request.asciiHeader(.origin) else { return false }
        // The scheme of our own origin does not matter: a proxy may add TLS.
        let own = [request.head.authority, host].compactMap { $0?.lowercased() }
            .flatMap { ["http://" + $0, "https://" + $0] }
        return own.contains(origin.lowercased()) || allowsWrite(from: origin)
    }

    private func allowsWrite(from origin: String) -> Bool {
        let loopback =
            /https?:\/\/(([a-z0-9-]+\.)*localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?/
        return switch self {
        case .all: origin.wholeMatch(of: loopback) != nil
        case .some(let origins): origins.contains(origin)
        }
    }
}
