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
            throw .invalid([Fault(field: nil, detail: Self.complaint(about: json))])
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

/// A member that an object may have, and how its faults speak of it.
struct Field: Sendable {
    let name: String
    /// A good value, where showing one helps.
    var example: String?
    /// What several such values are called, where clients tend to send them as JSON numbers.
    var plural: String?
}

/// Reads the members of an ``ObjectInput``, which are all texts, and collects what is wrong with
/// them.
struct ObjectReader {
    /// A body full of them shall not be answered by one many times as large.
    private static let mostUnknownMembers = 20

    private let input: ObjectInput
    private(set) var faults: [Fault] = []

    init(_ input: ObjectInput) {
        self.input = input
    }

    /// Notes a fault unless the member `id` is absent or equal to `id`: clients send whole numbers
    /// back.
    mutating func expectID(_ id: Int64) {
        guard let value = single("id") else { return }
        switch value {
        case .number(let other) where other.hasSameBytes(as: String(id)): break
        case .string(let other) where other.hasSameBytes(as: String(id)): break
        case .number(let other), .string(let other):
            // The text is a client's: shown only while it is short.
            let shown = other.utf8.count <= 20 ? " (\(other))" : ""
            note("id", "differs from the address: the body's\(shown) is not \(id)")
        default: note("id", "must be \(id), as in the address, or be left out")
        }
    }

    /// The member's value, or nil with a fault noted.
    mutating func required<Value>(
        _ field: Field, hint: String = "", _ read: (String) throws(Refusal) -> Value
    ) -> Value? {
        switch single(field.name) {
        case nil:
            if !input.members.contains(where: { $0.name.hasSameBytes(as: field.name) }) {
                note(field.name, "is required" + hint)
            }
            return nil
        case .null:
            note(field.name, "is required" + hint)
            return nil
        case let value?:
            return self.read(field, value, read)
        }
    }

    /// The member's value, or nil where it is absent or a fault was noted.
    mutating func optional<Value>(
        _ field: Field, _ read: (String) throws(Refusal) -> Value
    ) -> Value? {
        switch single(field.name) {
        case nil:
            return nil
        case .null:
            note(field.name, "cannot be removed")
            return nil
        case let value?:
            return self.read(field, value, read)
        }
    }

    /// Notes a fault for each member that is none of `fields`.
    ///
    /// - Parameter owner: What the object is, with its article.
    mutating func refuseMembers(
        otherThan fields: [Field], allowing: Set<String> = [], of owner: String
    ) {
        let names = fields.map(\.name)
        // By their bytes: a client's names may be costly to hash otherwise.
        var seen = Set((names + allowing).map { Array($0.utf8) })
        let unknown = input.members.map(\.name).filter { seen.insert(Array($0.utf8)).inserted }
        for name in unknown.prefix(Self.mostUnknownMembers) {
            let hint =
                name.closest(among: names).map { "; did you mean \($0)?" }
                ?? ": those are \(names.joined(separator: ", "))"
            note(name.shortened, "is not a member of \(owner)" + hint)
        }
    }

    /// The member's value; nil where it is absent, or there twice, which is noted.
    private mutating func single(_ name: String) -> JSONValue? {
        let values = input.members.filter { $0.name.hasSameBytes(as: name) }.map(\.value)
        guard values.count <= 1 else {
            note(name, values.count == 2 ? "is given twice" : "is given \(values.count) times")
            return nil
        }
        return values.first
    }

    private mutating func read<Value>(
        _ field: Field, _ value: JSONValue, _ read: (String) throws(Refusal) -> Value
    ) -> Value? {
        guard case .string(let text) = value else {
            note(field.name, field.expectation(insteadOf: value))
            return nil
        }
        do {
            return try read(text)
        } catch {
            note(field.name, error.reason)
            return nil
        }
    }

    private mutating func note(_ field: String, _ detail: String) {
        faults.append(Fault(field: field, detail: detail))
    }
}

extension Field {
    fileprivate func expectation(insteadOf value: JSONValue) -> String {
        guard let example else { return "must be a string" }
        if case .number = value, let plural {
            return "must be a string: send \(plural) as strings, for example \"\(example)\""
        }
        return "must be a string such as \"\(example)\""
    }
}
