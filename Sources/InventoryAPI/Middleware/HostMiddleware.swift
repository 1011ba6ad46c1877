internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// The hosts that requests may be for.
package enum AllowedHosts: Sendable {
    case all
    /// Names and addresses that mean this machine.
    case loopback
}

/// Refuses requests for other hosts than those that are allowed.
///
/// Where everybody is let in, a web page may have its own name lead to 127.0.0.1 (DNS rebinding): to
/// the browser that is the page's own server, so CORS does not stand in the way.
struct HostMiddleware: RouterMiddleware {
    let hosts: AllowedHosts

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if hosts == .loopback, let authority = request.head.authority,
            !Self.isLoopback(authority)
        {
            throw Problem(
                type: .misdirectedRequest,
                detail: "This server answers requests for localhost and 127.0.0.1 only.")
        }
        return try await next(request, context)
    }

    static func isLoopback(_ authority: String) -> Bool {
        guard authority.utf8.count <= 255, authority.isASCII else { return false }
        let host = authority.lowercased().prefix(while: { $0 != "]" })
        if host == "[::1" { return true }
        let name = host.prefix { $0 != ":" }
        return name == "localhost" || name.hasSuffix(".localhost")
            || name.hasPrefix("127.") && ClientAddress(String(name)) != nil
    }
}
