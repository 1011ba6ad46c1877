internal import HTTPTypes
internal import Hummingbird

/// `/api/v1/openapi.json`: the file in `Sources/Resources`.
enum OpenAPIDocument {
    private static let document = ConstantBody(EmbeddedFiles.contents["openapi.json"] ?? [])

    static func get(_ request: Request, context: APIContext) async throws -> Response {
        try request.response(document, [.contentType: "application/json"])
    }
}
