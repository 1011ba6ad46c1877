internal import HTTPTypes
internal import Hummingbird

/// Refuses requests that no honest client sends, with a sentence instead of a closed connection.
struct LimitsMiddleware: RouterMiddleware {
    /// The most bytes of a path and its query.
    static let longestURI = 8 * 1024
    /// The most bytes of all headers together, names and values.
    static let largestHeaders = 32 * 1024

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if let refusal = request.headers[.refusal].flatMap(UnreadableRequest.init(rawValue:)) {
            throw refusal.problem
        }
        guard request.uri.string.utf8.count <= Self.longestURI else { throw Problem.uriTooLong }
        let size = request.headers.reduce(0) {
            $0 + $1.name.rawName.utf8.count + $1.value.utf8.count
        }
        guard size <= Self.largestHeaders else { throw Problem.headersTooLarge }
        return try await next(request, context)
    }
}
