internal import HTTPTypes
internal import Hummingbird

/// Adds the headers that every answer has, unless its handler has set them.
struct HeadersMiddleware: RouterMiddleware {
    private static let keepAlive = "timeout=\(ConnectionLimits.keepAliveSeconds)"

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // An inventory changes, so clients ask again each time, which If-None-Match makes cheap.
        if response.headers[.cacheControl] == nil {
            response.headers[.cacheControl] = "private, no-cache"
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        // ``RequestGuard`` replaces these in a response that closes the connection.
        response.headers[.connection] = "keep-alive"
        response.headers[.keepAlive] = Self.keepAlive
        return response
    }
}
