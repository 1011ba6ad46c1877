internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import Logging

/// Answers every error of what comes after it as a problem, and logs those that are the server's.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem(error, request: request)
            if problem.type.status.kind == .serverError {
                context.logger.error(
                    "\(problem.type.title)", metadata: ["error": "\(String(reflecting: error))"])
            }
            let response = problem.response(
                instance: request.uri.path, requestID: context.requestID)
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}
