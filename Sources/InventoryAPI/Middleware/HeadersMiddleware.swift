internal import HTTPTypes
internal import Hummingbird

/// What every answer says unless its handler says otherwise.
struct HeadersMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // To be asked for again each time, cheaply with If-None-Match: an inventory changes.
        if response.headers[.cacheControl] == nil {
            response.headers[.cacheControl] = "private, no-cache"
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }
}
