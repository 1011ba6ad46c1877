internal import HTTPTypes
internal import Hummingbird

/// Refuses writes from web pages of other origins, on a server without sign-in.
///
/// CORS does not prevent such writes: the browser sends them first, and then decides whether the page may read the
/// response. Clients other than browsers send neither `Origin` nor `Sec-Fetch-Site`.
struct OriginCheck {
    let origins: AllowedOrigins

    /// - Parameter host: The header `Host` of the request.
    /// - Throws: ``Problem``.
    func check(_ request: Request, host: String?) throws(Problem) {
        guard [.get, .head, .options].contains(request.method) || mayWrite(request, host) else {
            throw Problem(
                type: .originNotAllowed,
                detail: """
                    A web page of another origin cannot change anything here without sign-in. List its origin \
                    in CORS_ORIGINS.
                    """)
        }
    }

    private func mayWrite(_ request: Request, _ host: String?) -> Bool {
        guard request.headers[.origin] != nil else {
            let site = request.headers[.secFetchSite]
            return site == nil || site == "same-origin" || site == "none"
        }
        // Nil if it is too long, or not ASCII.
        guard let origin = request.asciiHeader(.origin) else { return false }
        return isOwn(origin, request.head.authority) || isOwn(origin, host) || isAllowed(origin)
    }

    /// Whether the page is of this server.
    ///
    /// The scheme does not matter: a proxy may add TLS.
    private func isOwn(_ origin: String, _ authority: String?) -> Bool {
        guard let authority = authority?.lowercased() else { return false }
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
