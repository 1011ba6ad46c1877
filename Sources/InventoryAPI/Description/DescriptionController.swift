internal import HTTPTypes
internal import Hummingbird

/// The API's description in OpenAPI 3.1: `/api/v1/openapi.json`.
struct DescriptionController {
    private static let document = Result {
        let text = try OpenAPIDocument.text(of: EmbeddedFiles.contents["openapi.json"] ?? [])
        // Made once, so that all answers share its bytes.
        return (content: ByteBuffer(bytes: text), tag: EntityTag(ofContent: text))
    }

    func addRoutes(to router: some RouterMethods<APIContext>) {
        router.get("openapi.json", use: get)
    }

    @Sendable func get(_ request: Request, context: APIContext) async throws -> Response {
        let document = try Self.document.get()
        return try request.notModifiedIfMatching(
            document.tag,
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: document.content)))
    }
}
