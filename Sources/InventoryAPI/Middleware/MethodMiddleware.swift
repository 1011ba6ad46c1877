internal import HTTPTypes
internal import Hummingbird

/// Answers requests for a path that there is, by a method that it has no handler for: OPTIONS with
/// the methods that there are, any other with 405.
///
/// Hummingbird's router answers both with 404.
struct MethodMiddleware: RouterMiddleware {
    let routes: RouteTable

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let methods = routes.methods(at: request.uri.path)
            guard !methods.isEmpty else { throw error }
            let allow: HTTPFields = [.allow: methods.joined(separator: ", ")]
            if request.method == .options { return Response(status: .noContent, headers: allow) }
            throw Problem(
                type: .methodNotAllowed,
                detail: "\(request.method) is not allowed here, but \(methods.sentence).",
                headers: allow)
        }
    }
}

extension [String] {
    /// The list as it stands in a sentence: "GET, HEAD and POST".
    fileprivate var sentence: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
