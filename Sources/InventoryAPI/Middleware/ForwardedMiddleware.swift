internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// Believes a proxy, where it is one of ours, whom it asks for and how it was asked itself.
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
        // Whatever came before the last element may have been made up by the client.
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
