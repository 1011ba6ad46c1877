internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// Takes the client's address and scheme from the headers of a proxy, where the proxy is a trusted one.
struct ForwardedMiddleware: RouterMiddleware {
    let proxies: [AddressRange]

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let peer = context.clientAddress, proxies.contains(where: { $0.contains(peer) })
        else { return try await next(request, context) }
        var request = request
        var context = context
        // The trusted proxy appends the last element; the client may have made up those before it.
        let last = request.asciiHeader(.xForwardedFor)?.split(separator: ",").last?.trimmingBlanks()
        if let address = last.flatMap({ ClientAddress($0) }) { context.clientAddress = address }
        let scheme = request.asciiHeader(.xForwardedProto)?.lowercased()
        if let scheme, ["http", "https"].contains(scheme) {
            var head = request.head
            head.scheme = scheme
            request = Request(head: head, body: request.body)
        }
        return try await next(request, context)
    }
}
