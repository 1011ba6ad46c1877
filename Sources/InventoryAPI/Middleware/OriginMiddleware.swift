internal import HTTPTypes
internal import Hummingbird

/// Refuses writes from web pages of other origins, on a server without sign-in.
///
/// A browser sends them before CORS decides whether the page may read the response. Other clients send neither
/// `Origin` nor `Sec-Fetch-Site`.
struct OriginMiddleware: RouterMiddleware {
    let origins: AllowedOrigins

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard [.get, .head, .options].contains(request.method) || mayWrite(request) else {
            throw Problem(
                type: .originNotAllowed,
                detail: """
                    A web page of another origin cannot change anything here without sign-in. List its origin \
                    in CORS_ORIGINS.
                    """)
        }
        return try await next(request, context)
    }

    private func mayWrite(_ request: Request) -> Bool {
        guard request.headers[.origin] != nil else {
            let site = request.headers[.secFetchSite]
            return site == nil || site == "same-origin" || site == "none"
        }
        // Nil if it is too long, or not ASCII.
        guard let origin = request.asciiHeader(.origin) else { return false }
        return isOwn(origin, of: request) || isAllowed(origin)
    }

    /// Whether the page is of this server.
    ///
    /// The scheme does not matter: a proxy may add TLS.
    private func isOwn(_ origin: String, of request: Request) -> Bool {
        guard let authority = request.head.authority?.lowercased() else { return false }
        return ["http://" + authority, "https://" + authority].contains(origin.lowercased())
    }

    private func isAllowed(_ origin: String) -> Bool {
        switch origins {
        case .all: Self.isLoopback(origin)
        case .some(let origins): origins.contains(origin)
        }
    }

    private static func isLoopback(_ origin: String) -> Bool {
        let form =
            /https?:\/\/(([a-z0-9-]+\.)*localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?/
        return origin.wholeMatch(of: form) != nil
    }
}
