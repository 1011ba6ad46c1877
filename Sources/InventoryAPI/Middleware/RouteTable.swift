internal import Hummingbird

/// Which methods each path has.
struct RouteTable: Sendable {
    private let routes: [(path: [Substring], method: String)]

    init(_ routes: [Router<APIContext>.RouteDescription]) {
        self.routes = routes.map { route in
            (Self.components(of: route.path.description), route.method.rawValue)
        }
    }

    /// The methods of a path in alphabetical order, but HEAD behind GET and OPTIONS last; none where
    /// there is no such path.
    func methods(at path: String) -> [String] {
        let components = Self.components(of: path)
        let matching = routes.filter { Self.matches($0.path, components) }
        // A route with this very name comes before one with a parameter in its place.
        let fewest = matching.map { Self.parameterCount($0.path) }.min()
        var methods: [String] = []
        for route in matching where Self.parameterCount(route.path) == fewest {
            methods += route.method == "GET" ? ["GET", "HEAD"] : [route.method]
        }
        return methods.isEmpty ? [] : methods + ["OPTIONS"]
    }

    private static func parameterCount(_ pattern: [Substring]) -> Int {
        pattern.count { $0.hasPrefix("{") }
    }

    private static func components(of path: String) -> [Substring] {
        path[...].split(separator: "/")
    }

    private static func matches(_ pattern: [Substring], _ path: [Substring]) -> Bool {
        pattern.count == path.count
            && zip(pattern, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
