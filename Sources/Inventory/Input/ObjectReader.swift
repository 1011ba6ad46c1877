package import JSON

/// Reads the members of an object that a client wrote, and collects all errors.
///
/// The object is a request's body, a request's query or a row of a file.
package struct ObjectReader: Sendable {
    /// Bounds the response to a body full of unknown members.
    private static let mostUnknownMembers = 20

    /// In their order, including duplicates.
    package let members: [(name: String, value: JSONValue)]
    /// Follows "is required" in a message.
    package var hintWhereMissing = ""
    package private(set) var errors: [FieldError] = []

    package init(members: [(name: String, value: JSONValue)]) {
        self.members = members
    }

    /// - Throws: ``InventoryError/invalid(_:)`` unless `json` is an object.
    package init(_ json: JSONValue) throws(InventoryError) {
        guard case .object(let members) = json else {
            let isEncodedTwice =
                if case .string(let text) = json { (try? JSONParser.parse(text)) != nil } else {
                    false
                }
            let hint =
                isEncodedTwice ? "; this is a string with JSON in it: it was encoded twice" : ""
            let error = InvalidValue("must be one JSON object" + hint)
            throw .invalid([FieldError(error, of: nil)])
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

    /// Adds an error.
    ///
    /// - Parameter name: The invalid member; nil for the object as a whole.
    package mutating func note(_ name: String?, _ detail: String) {
        note(name, InvalidValue(detail))
    }

    fileprivate mutating func note(_ name: String?, _ error: InvalidValue) {
        errors.append(FieldError(error, of: name))
    }

    mutating func insert(_ error: FieldError, at position: Int) {
        errors.insert(error, at: position)
    }
}

extension ObjectReader {
    /// Reads a member that is a string; nil if it is absent or invalid.
    ///
    /// - Parameter example: A valid value, shown in messages.
    /// - Parameter plural: What such values are called, if clients tend to send JSON numbers.
    @discardableResult
    package mutating func read<Value>(
        _ name: String, example: String? = nil, plural: String? = nil, isRequired: Bool = false,
        _ read: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        switch value(of: name) {
        case nil:
            if isRequired, !has(name) { note(name, "is required" + hintWhereMissing) }
        case .null:
            note(name, isRequired ? "is required" + hintWhereMissing : "cannot be removed")
        case .string(let text):
            do {
                return try read(text)
            } catch {
                note(name, error)
            }
        case .number:
            guard let example, let plural else { fallthrough }
            note(
                name,
                InvalidValue(
                    "must be a string: send \(plural) as strings, for example \"\(example)\""))
        default:
            note(
                name,
                InvalidValue(
                    "must be a string" + (example.map { " such as \"\($0)\"" } ?? "")))
        }
        return nil
    }

    /// Reads a member that names one of `choices`.
    package mutating func choice<Choice: RawRepresentable<String>>(
        _ name: String, example: String? = nil, of choices: [Choice], isRequired: Bool = false
    ) -> Choice? {
        read(name, example: example, isRequired: isRequired) { text throws(InvalidValue) in
            guard let choice = choices.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
                let names = choices.map(\.rawValue)
                throw InvalidValue("must be " + names.joined(separator: " or "))
            }
            return choice
        }
    }

    /// Reads a member that is an object; nil if it is absent or invalid.
    mutating func readObject<Value>(
        _ name: String, _ read: (inout ObjectReader) -> Value?
    ) -> Value? {
        switch value(of: name) {
        case nil: return nil
        case .object(let members)?:
            var reader = ObjectReader(members: members)
            let value = read(&reader)
            errors += reader.errors.map { $0.inside(name) }
            return reader.errors.isEmpty ? value : nil
        default:
            note(name, "must be an object")
            return nil
        }
    }

    /// Returns the only member of `names` that the object has; any other number of them is an error.
    mutating func one(of names: [String]) -> String? {
        let present = names.filter(has)
        if present.count != 1 { note(nil, "must have one of \(names.joined(separator: ", "))") }
        return present.count == 1 ? present[0] : nil
    }

    /// Adds an error for each member that is not in `names`.
    ///
    /// - Parameter ignored: Members that are accepted, but not suggested.
    /// - Parameter kind: What `names` are, such as "a member of a number".
    package mutating func refuseMembers(
        otherThan names: [String], ignoring ignored: [String] = [], insteadOf kind: String
    ) {
        // Building sets is slow, and nearly all rows of a file have no unknown members.
        let isKnown = { (name: String) in
            names.contains { $0.hasSameBytes(as: name) }
                || ignored.contains { $0.hasSameBytes(as: name) }
        }
        if members.allSatisfy({ isKnown($0.name) }) { return }
        // Compare bytes, because a client may send names that are slow to hash.
        var seen = Set((names + ignored).map { Array($0.utf8) })
        let unknown = members.map(\.name).filter { seen.insert(Array($0.utf8)).inserted }
        for name in unknown.prefix(Self.mostUnknownMembers) {
            note(
                name.shortened, InvalidValue("is not \(kind)" + Self.hint(for: name, among: names)))
        }
    }

    private static func hint(for name: String, among names: [String]) -> String {
        let list = names.isEmpty ? "" : ": those are \(names.joined(separator: ", "))"
        return name.closest(among: names).map { "; did you mean \($0)?" } ?? list
    }
}
