internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// Finds the client's address, and the address that the client used.
///
/// Both may be in the headers of a trusted proxy; a ``PublicURL`` counts more than any header.
struct ForwardedMiddleware: RouterMiddleware {
    let proxies: [AddressRange]
    let publicURL: PublicURL?

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var head = request.head
        var context = context
        context.host = head.authority
        if let peer = context.clientAddress, proxies.contains(where: { $0.contains(peer) }) {
            read(request, into: &head, &context)
        }
        if let publicURL { (head.scheme, head.authority) = (publicURL.scheme, publicURL.authority) }
        return try await next(Request(head: head, body: request.body), context)
    }

    private func read(
        _ request: Request, into head: inout HTTPRequest, _ context: inout APIContext
    ) {
        // The trusted proxy appends the last element; the client may have made up those before it.
        let last = request.asciiHeader(.xForwardedFor)?.split(separator: ",").last?.trimmingBlanks()
        if let address = last.flatMap({ ClientAddress($0) }) { context.clientAddress = address }
        let scheme = request.asciiHeader(.xForwardedProto)?.lowercased()
        if let scheme, ["http", "https"].contains(scheme) { head.scheme = scheme }
    }
}
