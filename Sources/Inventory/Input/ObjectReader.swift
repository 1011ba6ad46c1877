package import JSON

/// Reads an object from a client (a body, a query or a row of a file), and collects all errors.
package struct ObjectReader: Sendable {
    /// Bounds the response to a body full of unknown members.
    private static let mostUnknownMembers = 20

    /// The members in the order of the input, including duplicates.
    package let members: [(name: String, value: JSONValue)]
    /// A hint that follows "is required" in a message.
    package var hintWhereMissing = ""
    /// What a message says of a member that is null.
    package var nullReason = "cannot be removed"
    /// The ends of messages for unknown members.
    package var hints: [(name: String, hint: String)] = []
    package internal(set) var errors: [FieldError] = []

    package init(members: [(name: String, value: JSONValue)]) {
        self.members = members
    }

    /// - Throws: ``InventoryError/invalid(_:)`` unless `json` is an object.
    package init(_ json: JSONValue) throws(InventoryError) {
        guard case .object(let members) = json else {
            var detail = "must be one JSON object"
            if case .string(let text) = json, (try? JSONParser.parse(text)) != nil {
                detail += "; this is a string with JSON in it: it was encoded twice"
            }
            throw .invalid(nil, detail)
        }
        self.init(members: members)
    }

    /// The member's value; nil if it is absent, or duplicated, which is an error.
    package mutating func value(of name: String) -> JSONValue? {
        var value: JSONValue?
        var count = 0
        for member in members where member.name.hasSameBytes(as: name) {
            value = member.value
            count += 1
        }
        guard count <= 1 else {
            note(name, count == 2 ? "is given twice" : "is given \(count) times")
            return nil
        }
        return value
    }

    func has(_ name: String) -> Bool {
        members.contains { $0.name.hasSameBytes(as: name) }
    }

    package mutating func note(_ name: String?, _ detail: String) {
        errors.append(FieldError(field: name, detail: detail))
    }
}

extension ObjectReader {
    /// - Parameter ignored: Members that are accepted, but that messages do not suggest to clients.
    /// - Parameter kind: What a message calls the object, such as "a new user".
    /// - Throws: ``InventoryError/invalid(_:)`` with all errors.
    func read<Value>(
        only names: [String], ignoring ignored: [String] = [], of kind: String,
        _ read: (inout ObjectReader) -> Value?
    ) throws(InventoryError) -> Value {
        var reader = self
        let value = read(&reader)
        reader.refuseMembers(
            otherThan: names, ignoring: ignored, insteadOf: "a member of \(kind)")
        guard let value, reader.errors.isEmpty else { throw .invalid(reader.errors) }
        return value
    }

    /// Reads a member that is a string; returns nil if it is absent or invalid.
    ///
    /// - Parameter plural: The values' name in a message to clients that send them as JSON numbers.
    @discardableResult
    package mutating func read<Value>(
        _ name: String, example: String? = nil, plural: String? = nil, isRequired: Bool = false,
        _ read: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        let error: InvalidValue
        switch value(of: name) {
        case nil where !isRequired || has(name): return nil
        case .null? where !isRequired:
            let reason = nullReason
            error = InvalidValue(reason)
        case nil, .null?:
            let hint = hintWhereMissing
            error = InvalidValue("is required" + hint)
        case .string(let text)?:
            do {
                return try read(text)
            } catch let invalid {
                error = invalid
            }
        case .number?:
            guard let example, let plural else { fallthrough }
            error = InvalidValue(
                "must be a string: send \(plural) as strings, for example \"\(example)\"")
        default:
            error = InvalidValue("must be a string" + (example.map { " such as \"\($0)\"" } ?? ""))
        }
        errors.append(FieldError(error, of: name))
        return nil
    }

    package mutating func choice<Choice: RawRepresentable<String>>(
        _ name: String, example: String? = nil, of choices: [Choice], isRequired: Bool = false
    ) -> Choice? {
        read(name, example: example, isRequired: isRequired) { text throws(InvalidValue) in
            guard let choice = choices.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
                let names = choices.map(\.rawValue).map { $0.count == 1 ? "\"\($0)\"" : $0 }
                throw InvalidValue("must be " + names.joined(separator: " or "))
            }
            return choice
        }
    }

    mutating func readObject<Value>(
        _ name: String, _ read: (inout ObjectReader) -> Value?
    ) -> Value? {
        guard let member = value(of: name) else { return nil }
        guard case .object(let members) = member else {
            note(name, "must be an object")
            return nil
        }
        var reader = ObjectReader(members: members)
        let value = read(&reader)
        errors += reader.errors.map { $0.inside(name) }
        return reader.errors.isEmpty ? value : nil
    }

    /// Returns the only member of `names` that the object has. None or several are an error.
    mutating func one(of names: [String]) -> String? {
        let present = names.filter(has)
        if present.count == 1 { return present[0] }
        let number = present.isEmpty ? "one" : "only one"
        note(nil, "must have \(number) of \(names.joined(separator: ", "))")
        return nil
    }

    /// - Parameter kind: What a message calls one of `names`, such as "a member of a number".
    /// - Parameter hint: The end of the message for an unknown name; nil for the most similar name.
    package mutating func refuseMembers(
        otherThan names: [String], ignoring ignored: [String] = [], insteadOf kind: String,
        hint: @escaping @Sendable (_ name: String) -> String? = { _ in nil }
    ) {
        // Avoid sets if possible: building them is slow, and nearly all rows of a file have no
        // unknown members.
        let known = names + ignored
        if members.allSatisfy({ member in known.contains { $0.hasSameBytes(as: member.name) } }) {
            return
        }
        // Compare bytes, because a client may send names that are slow to hash.
        var seen = Set(known.map { Array($0.utf8) })
        let unknown = members.map(\.name).filter { seen.insert(Array($0.utf8)).inserted }
        let hints = hints
        for name in unknown.prefix(Self.mostUnknownMembers) {
            let error = InvalidValue(
                "is not \(kind)"
                    + (hint(name) ?? hints.first { $0.name.hasSameBytes(as: name) }?.hint
                        ?? Self.hint(for: name, among: names)))
            errors.append(FieldError(error, of: name.shortened))
        }
    }

    private static func hint(for name: String, among names: [String]) -> String {
        let list = names.isEmpty ? "" : ": use \(names.joined(separator: ", "))"
        return name.closest(among: names).map { "; did you mean \($0)?" } ?? list
    }
}
