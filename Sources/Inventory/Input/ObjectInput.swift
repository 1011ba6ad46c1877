package import JSON

/// An object as a client wrote it, before anything is checked: members in their order, also twice.
package struct ObjectInput: Sendable {
    package let members: [(name: String, value: JSONValue)]

    package init(members: [(name: String, value: JSONValue)]) {
        self.members = members
    }

    /// - Throws: ``InventoryError/invalid(_:)`` unless `json` is an object.
    package init(_ json: JSONValue) throws(InventoryError) {
        guard case .object(let members) = json else {
            throw .invalid([FieldError(field: nil, detail: Self.complaint(about: json))])
        }
        self.init(members: members)
    }

    private static func complaint(about json: JSONValue) -> String {
        if case .string(let text) = json, (try? JSONParser.parse(text)) != nil {
            return "must be one JSON object; this is a string with JSON in it: it was encoded twice"
        }
        return "must be one JSON object"
    }
}
