internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Logs one line for each request.
///
/// The query stays out of it, because what somebody searches for is nobody else's business.
struct LogMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        // Health checks come every few seconds and tell nothing while all is well.
        let isCheck = ["/livez", "/readyz"].contains(request.uri.path) && response.status == .ok
        context.logger.log(
            level: isCheck ? .debug : .info, "request",
            metadata: [
                "method": "\(request.method)",
                "path": "\(request.uri.path)",
                "status": "\(response.status.code)",
                "milliseconds": "\(Double(microseconds) / 1000)",
            ])
        return response
    }
}
