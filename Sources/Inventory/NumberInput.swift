/// A number as a client wrote it, before anything is checked: members in their order, also twice.
package struct NumberInput: Sendable {
    /// What stands behind a member's name.
    package enum Value: Equatable, Sendable {
        case text(String)
        /// A number's text, as it was written.
        case number(String)
        case boolean
        case null
        case list
        case object
    }

    package let members: [(name: String, value: Value)]

    package init(members: [(name: String, value: Value)]) {
        self.members = members
    }
}

/// Reads the members of a ``NumberInput`` and collects what is wrong with them.
struct NumberReader {
    /// What a client may send, `id` aside.
    static let fields = ["value", "monthyPrice", "setupPrice", "currency"]

    /// A body full of them shall not be answered by one many times as large.
    private static let mostUnknownMembers = 20

    private let input: NumberInput
    private(set) var faults: [Fault] = []

    init(_ input: NumberInput) {
        self.input = input
    }

    /// Notes a fault unless the member `id` is absent or equal to `id`: clients send whole numbers back.
    mutating func expectID(_ id: Int64) {
        guard let value = single("id") else { return }
        switch value {
        case .number(String(id)), .text(String(id)): break
        case .number(let other), .text(let other):
            // The text is a client's: shown only while it is short.
            let shown = other.count <= 20 ? " (\(other))" : ""
            note("id", "differs from the address: the body's\(shown) is not \(id)")
        default: note("id", "must be \(id), as in the address, or be left out")
        }
    }

    /// The member's value, or nil with a fault noted.
    mutating func required<Value>(
        _ field: String, hint: String = "", _ read: (String) throws(Refusal) -> Value
    ) -> Value? {
        switch single(field) {
        case nil:
            if !input.members.contains(where: { $0.name == field }) {
                note(field, "is required" + hint)
            }
            return nil
        case .null:
            note(field, "is required" + hint)
            return nil
        case let value?:
            return self.read(field, value, read)
        }
    }

    /// The member's value, or nil where it is absent or a fault was noted.
    mutating func optional<Value>(
        _ field: String, _ read: (String) throws(Refusal) -> Value
    ) -> Value? {
        switch single(field) {
        case nil:
            return nil
        case .null:
            note(field, "cannot be removed")
            return nil
        case let value?:
            return self.read(field, value, read)
        }
    }

    mutating func refuseUnknownMembers() {
        var seen: Set<String> = ["id"]
        seen.formUnion(Self.fields)
        let unknown = input.members.map(\.name).filter { seen.insert($0).inserted }
        for name in unknown.prefix(Self.mostUnknownMembers) {
            let hint =
                name.closest(among: Self.fields).map { "; did you mean \($0)?" }
                ?? ": those are \(Self.fields.joined(separator: ", "))"
            note(name, "is not a member of a number" + hint)
        }
    }

    /// The member's value; nil where it is absent, or there twice, which is noted.
    private mutating func single(_ field: String) -> NumberInput.Value? {
        let values = input.members.filter { $0.name == field }.map(\.value)
        guard values.count <= 1 else {
            note(field, values.count == 2 ? "is given twice" : "is given \(values.count) times")
            return nil
        }
        return values.first
    }

    private mutating func read<Value>(
        _ field: String, _ value: NumberInput.Value, _ read: (String) throws(Refusal) -> Value
    ) -> Value? {
        guard case .text(let text) = value else {
            note(field, Self.expectation(of: field, for: value))
            return nil
        }
        do {
            return try read(text)
        } catch {
            note(field, error.reason)
            return nil
        }
    }

    private static func expectation(of field: String, for value: NumberInput.Value) -> String {
        switch (field, value) {
        case ("value", _): "must be a string such as \"+55 84 91234-4321\""
        case ("currency", _): "must be a string such as \"U$\""
        case (_, .number): "must be a string: send prices as strings, for example \"3.40\""
        default: "must be a string such as \"3.40\""
        }
    }

    private mutating func note(_ field: String, _ detail: String) {
        faults.append(Fault(field: field, detail: detail))
    }
}
