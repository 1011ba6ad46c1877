internal import HTTPTypes
internal import Hummingbird

/// The API's description in OpenAPI 3.1: `/api/v1/openapi.json`.
struct DescriptionController {
    private static let document = Result {
        try OpenAPIDocument.text(of: PackageResources.openapi_json)
    }
    private static let tag = document.map { EntityTag(ofContent: $0) }

    func addRoutes(to router: some RouterMethods<APIContext>) {
        router.get("openapi.json", use: get)
    }

    @Sendable func get(_ request: Request, context: APIContext) async throws -> Response {
        try request.unlessMatching(
            Self.tag.get(), Response(jsonText: Self.document.get()))
    }
}
