internal import HTTPTypes
internal import Hummingbird
internal import JSON

/// `/api/v1/openapi.json`: the file in `Sources/Resources`, with HEAD beside each GET.
enum OpenAPIDocument {
    private static let document = Result {
        ConstantBody(try text(of: EmbeddedFiles.contents["openapi.json"] ?? []))
    }

    static func get(_ request: Request, context: APIContext) async throws -> Response {
        try request.response(document.get(), [.contentType: "application/json"])
    }

    private static func text(of file: [UInt8]) throws -> [UInt8] {
        var document = try JSONParser.parse(String(decoding: file, as: UTF8.self))
        let components = document["components"]?["responses"] ?? .object([])
        document["paths"] = document["paths"]?.mapMembers { _, operations in
            operations.insertingHead(components)
        }
        return document.text
    }
}

extension JSONValue {
    /// The operations of a path with HEAD beside GET: its responses have no body (RFC 9110 §9.3.2).
    fileprivate func insertingHead(_ components: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(
            members.flatMap { name, value in
                name == "get"
                    ? [(name, value), ("head", value.asHead(components))] : [(name, value)]
            })
    }

    private func asHead(_ components: JSONValue) -> JSONValue {
        mapMembers { name, value in
            switch (name, value) {
            case ("operationId", .string(let id)):
                .string("head" + id.drop { $0.isLowercase })
            case ("summary", .string(let summary)):
                .string(summary + " (without the body)")
            case ("responses", _):
                value.mapMembers { _, response in response.resolved(components).without("content") }
            default: value
            }
        }
    }

    private func resolved(_ components: JSONValue) -> JSONValue {
        guard case .string(let reference) = self["$ref"],
            let name = reference.split(separator: "/").last
        else { return self }
        return components[String(name)] ?? self
    }

    private func without(_ name: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name })
    }
}
