internal import Inventory

extension ObjectInput {
    /// - Throws: ``InventoryError/invalid(_:)`` unless `json` is an object.
    init(_ json: JSONValue) throws(InventoryError) {
        guard case .object(let members) = json else {
            throw .invalid([Fault(field: nil, detail: Self.complaint(about: json))])
        }
        self.init(members: members.map { ($0.name, Value($0.value)) })
    }

    private static func complaint(about json: JSONValue) -> String {
        if case .string(let text) = json, (try? JSONParser.parse(text)) != nil {
            return "must be one JSON object; this is a string with JSON in it: it was encoded twice"
        }
        return "must be one JSON object"
    }
}

extension ObjectInput.Value {
    fileprivate init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .boolean: self = .boolean
        case .number(let text): self = .number(text)
        case .string(let text): self = .text(text)
        case .array: self = .list
        case .object: self = .object
        }
    }
}

extension DIDNumber {
    /// The agreed entity, its members in the agreed order.
    var json: JSONValue {
        .object([
            ("id", .number(id)),
            ("value", .string(value.formatted)),
            ("monthyPrice", .string(monthyPrice.description)),
            ("setupPrice", .string(setupPrice.description)),
            ("currency", .string(currency.symbol)),
        ])
    }
}
