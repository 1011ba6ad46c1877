internal import HTTPTypes
internal import Hummingbird

/// Finds routes by path. A name takes precedence over a parameter: `/api/v1/numbers/export` matches
/// only the export. Parts are compared as bytes, since a client's text may be slow to compare.
struct RouteTree: Sendable {
    private var names: [[UInt8]: RouteTree] = [:]
    private var parameter: [RouteTree] = []
    private(set) var routes: [Route] = []

    init(_ routes: [Route] = []) {
        for route in routes { insert(route, at: route.path[...].pathParts[...]) }
    }

    private mutating func insert(_ route: Route, at parts: ArraySlice<[UInt8]>) {
        guard let part = parts.first else { return routes.append(route) }
        if part.first == UInt8(ascii: "{") {
            if parameter.isEmpty { parameter = [RouteTree()] }
            parameter[0].insert(route, at: parts.dropFirst())
        } else {
            names[part, default: RouteTree()].insert(route, at: parts.dropFirst())
        }
    }

    func match(_ path: Substring, _ method: String) -> RouteMatch {
        var node = self
        var text = ""
        for part in path.pathParts {
            if let next = node.names[part] {
                node = next
            } else if let next = node.parameter.first {
                node = next
                text = String(decoding: part, as: UTF8.self)
            } else {
                return RouteMatch()
            }
        }
        let method = method == "HEAD" ? "GET" : method
        return RouteMatch(
            route: node.routes.first { $0.method == method }, parameter: text,
            candidates: node.routes)
    }
}

/// The routes of a path.
struct RouteMatch {
    /// The route for the request's method; nil if there is none.
    var route: Route?
    /// The text of the path's parameter.
    var parameter = ""
    /// The routes for all methods.
    var candidates: [Route] = []
}

extension [Route] {
    /// OPTIONS gets the list of methods; other requests throw ``Problem`` with status 404 or 405.
    func responseWithoutRoute(to request: Request) throws(Problem) -> Response {
        guard !isEmpty else { throw Problem(.notFound, "There is nothing at \(request.uri.path).") }
        let methods =
            map(\.method).sorted().flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] } + ["OPTIONS"]
        let allow: HTTPFields = [.allow: methods.joined(separator: ", ")]
        if request.method == .options { return Response(status: .noContent, headers: allow) }
        throw Problem(
            .methodNotAllowed,
            """
            \(request.method) is not allowed here, but \
            \(methods.dropLast().joined(separator: ", ")) and OPTIONS.
            """,
            headers: allow)
    }
}

extension Substring {
    fileprivate var pathParts: [[UInt8]] {
        utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    }
}
