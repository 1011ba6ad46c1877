internal import Hummingbird
internal import JSON

/// `/api/v1`: the addresses of the resources and of their description.
enum APIIndex {
    private static let resources = ["numbers", "currencies", "changes", "users", "sessions"]

    static func get(_ request: Request, context: APIContext) async throws -> Response {
        try request.refuseParameters()
        let paths =
            resources.map { ($0, "/api/v1/" + $0) }
            + [("description", "/api/v1/openapi.json"), ("documentation", "/docs")]
        return try request.response(
            .object(paths.map { ($0, .string(request.address($1))) }))
    }
}
