internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Logs one line for each request.
struct LogMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        RequestLine(
            method: request.method.rawValue, path: request.uri.path, status: response.status.code,
            took: .now - start
        ).write(to: context.logger)
        return response
    }
}
