internal import JSON

/// The API's description in OpenAPI 3.1, as it is served: the file in `Sources/Resources`, and HEAD wherever
/// the file has GET.
enum OpenAPIDocument {
    /// The document as UTF-8.
    ///
    /// - Throws: `JSONSyntaxError` where the file is no JSON, which a test would find.
    static func text(of file: [UInt8]) throws -> [UInt8] {
        var document = try JSONParser.parse(String(decoding: file, as: UTF8.self))
        let components = document["components"]?["responses"] ?? .object([])
        document["paths"] = document["paths"]?.mapMembers { _, operations in
            operations.insertingHead(components)
        }
        return document.text
    }
}

extension JSONValue {
    /// The operations of a path with HEAD, which is wherever GET is and answers the same without a
    /// body (RFC 9110 §9.3.2).
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

    /// What the value refers to, where it is a reference to one of `components`, else the value itself.
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
