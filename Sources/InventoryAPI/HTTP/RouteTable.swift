internal import HTTPTypes
internal import Hummingbird

/// Which methods each path has.
struct RouteTable: Sendable {
    private let routes: [(path: [Substring], method: String)]

    init(_ routes: [Router<APIContext>.RouteDescription]) {
        self.routes = routes.map { route in
            (Self.components(of: route.path.description), route.method.rawValue)
        }
    }

    /// The response to a request for a path that has no route for its method: OPTIONS gets the methods that
    /// the path has, any other 405; nil if there is no such path.
    ///
    /// Hummingbird's router responds to both with 404.
    ///
    /// - Throws: ``Problem``.
    func response(to request: Request) throws(Problem) -> Response? {
        let methods = methods(at: request.uri.path)
        guard !methods.isEmpty else { return nil }
        let allow: HTTPFields = [.allow: methods.joined(separator: ", ")]
        if request.method == .options { return Response(status: .noContent, headers: allow) }
        throw Problem(
            type: .methodNotAllowed,
            detail: "\(request.method) is not allowed here, but \(methods.sentence).",
            headers: allow)
    }

    /// The methods of a path in alphabetical order, but HEAD behind GET and OPTIONS last; none where
    /// there is no such path.
    func methods(at path: String) -> [String] {
        let components = Self.components(of: path)
        var methods: [String] = []
        for route in routes where Self.matches(route.path, components) {
            // The router takes a name where there is one, and does not come back for a parameter.
            if routes.contains(where: { Self.name(in: $0.path, hides: route.path, components) }) {
                continue
            }
            methods += route.method == "GET" ? ["GET", "HEAD"] : [route.method]
        }
        return methods.isEmpty ? [] : methods + ["OPTIONS"]
    }

    /// Whether a path that begins as `other` does has a part of `path` as a name where `pattern` has a
    /// parameter.
    private static func name(
        in other: [Substring], hides pattern: [Substring], _ path: [Substring]
    ) -> Bool {
        let places = zip(other, pattern).enumerated()
        guard let place = places.first(where: { $0.element.0 != $0.element.1 })?.offset else {
            return false
        }
        return pattern[place].hasPrefix("{") && other[place] == path[place]
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
    /// The list as a phrase: "GET, HEAD and POST".
    fileprivate var sentence: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
