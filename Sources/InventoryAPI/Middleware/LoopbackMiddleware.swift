internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// The hosts that requests may be for.
package enum AllowedHosts: Sendable {
    case all
    /// Only the names and addresses that mean this machine.
    case loopback
}

/// Refuses requests for other hosts than this machine.
///
/// Where nobody needs to sign in, a web page could have its own name lead to 127.0.0.1 (DNS
/// rebinding): a browser takes this server for the page's own then, so that CORS does not stand in
/// the way.
struct LoopbackMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if let host = context.host, !Self.isLoopback(host) {
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
