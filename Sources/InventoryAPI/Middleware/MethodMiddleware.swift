internal import HTTPTypes
internal import Hummingbird

/// Answers for methods that a known path has no handler for: OPTIONS with what there is, any other
/// with 405.
///
/// Hummingbird says 404 to both.
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

/// The paths and methods that there are.
struct RouteTable: Sendable {
    private let routes: [(path: [Substring], method: String)]

    init(_ routes: [Router<APIContext>.RouteDescription]) {
        self.routes = routes.map { route in
            (Self.components(of: route.path.description), route.method.rawValue)
        }
    }

    /// By the alphabet, HEAD behind GET, OPTIONS last; none for an unknown path.
    func methods(at path: String) -> [String] {
        let components = Self.components(of: path)
        var methods: [String] = []
        for route in routes where Self.matches(route.path, components) {
            methods += route.method == "GET" ? ["GET", "HEAD"] : [route.method]
        }
        return methods.isEmpty ? [] : methods + ["OPTIONS"]
    }

    private static func components(of path: String) -> [Substring] {
        path[...].split(separator: "/")
    }

    private static func matches(_ pattern: [Substring], _ path: [Substring]) -> Bool {
        pattern.count == path.count
            && zip(pattern, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}

extension [String] {
    /// As in "GET, HEAD and POST".
    fileprivate var sentence: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
