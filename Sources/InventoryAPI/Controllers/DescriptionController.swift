internal import HTTPTypes
internal import Hummingbird

/// The API's description in OpenAPI 3.1: `/api/v1/openapi.json`.
struct DescriptionController {
    private static let document = PackageResources.openapi_json
    private static let tag = EntityTag(ofContent: document)

    func addRoutes(to router: some RouterMethods<APIContext>) {
        router.get("openapi.json", use: get)
    }

    @Sendable func get(_ request: Request, context: APIContext) async throws -> Response {
        try request.unlessMatching(Self.tag, Response(jsonText: Self.document))
    }
}
