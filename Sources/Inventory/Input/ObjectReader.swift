package import JSON

/// A member that an object may have, and how its errors speak of it.
package struct Field: Sendable {
    let name: String
    /// A good value, where showing one helps.
    let example: String?
    /// What several such values are called, where clients tend to send them as JSON numbers.
    let plural: String?

    package init(name: String, example: String? = nil, plural: String? = nil) {
        self.name = name
        self.example = example
        self.plural = plural
    }
}

/// Reads the members of an ``ObjectInput``, which are all texts, and collects what is wrong with
/// them.
///
/// What an object came in by, be it a request's body or a row of a file, may add what it alone
/// knows: by ``value(of:)`` and ``note(_:_:)``, and by a hint.
package struct ObjectReader {
    /// A body full of them shall not be answered by one many times as large.
    private static let mostUnknownMembers = 20

    private let input: ObjectInput
    private let hintWhereMissing: String
    package private(set) var errors: [FieldError] = []

    /// - Parameter hintWhereMissing: What follows "is required" in a sentence.
    package init(_ input: ObjectInput, hintWhereMissing: String = "") {
        self.input = input
        self.hintWhereMissing = hintWhereMissing
    }

    /// The member's value as it was written; nil where it is absent, or there twice, which is noted.
    package mutating func value(of name: String) -> JSONValue? {
        var value: JSONValue?
        var count = 0
        for member in input.members where member.name.hasSameBytes(as: name) {
            value = member.value
            count += 1
        }
        guard count <= 1 else {
            note(name, count == 2 ? "is given twice" : "is given \(count) times")
            return nil
        }
        return value
    }

    /// - Parameter name: The member at error; nil for the object as a whole.
    /// - Parameter detail: What follows the member's name in a sentence.
    package mutating func note(_ name: String?, _ detail: String) {
        note(name, InvalidValue(detail))
    }

    private mutating func note(_ name: String?, _ refusal: InvalidValue) {
        errors.append(FieldError(refusal, of: name))
    }

    mutating func insert(_ error: FieldError, at position: Int) {
        errors.insert(error, at: position)
    }

    /// What `read` makes of the member's text; nil where there is none, or an error was noted.
    @discardableResult
    package mutating func read<Value>(
        _ field: Field, isRequired: Bool, _ read: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        switch value(of: field.name) {
        case nil:
            if isRequired, !has(field.name) { note(field.name, "is required" + hintWhereMissing) }
            return nil
        case .null:
            note(field.name, isRequired ? "is required" + hintWhereMissing : "cannot be removed")
            return nil
        case .string(let text):
            do {
                return try read(text)
            } catch {
                note(field.name, error)
                return nil
            }
        case let value?:
            note(field.name, InvalidValue(field.expectation(insteadOf: value)))
            return nil
        }
    }

    /// What `read` makes of a member that is an object; nil where there is none, or an error was noted.
    mutating func readObject<Value>(
        _ name: String, _ read: (inout ObjectReader) -> Value?
    ) -> Value? {
        switch value(of: name) {
        case nil: return nil
        case .object(let members)?:
            var reader = ObjectReader(ObjectInput(members: members))
            let value = read(&reader)
            errors += reader.errors.map { $0.inside(name) }
            return reader.errors.isEmpty ? value : nil
        default:
            note(name, "must be an object")
            return nil
        }
    }

    func has(_ name: String) -> Bool {
        input.members.contains { $0.name.hasSameBytes(as: name) }
    }

    /// The one of `names` that the object has as a member; nil where it has none or several, which is
    /// noted.
    mutating func one(of names: [String]) -> String? {
        let present = names.filter(has)
        if present.count != 1 { note(nil, "must have one of \(names.joined(separator: ", "))") }
        return present.count == 1 ? present[0] : nil
    }

    /// Notes an error for each member that is none of `fields`.
    ///
    /// - Parameter owner: What the object is, with its article.
    mutating func refuseMembers(
        otherThan fields: [Field], allowing: Set<String> = [], of owner: String
    ) {
        refuseMembers(
            otherThan: fields.map(\.name), allowing: allowing, insteadOf: "a member of \(owner)")
    }

    /// Notes an error for each member that is none of `names`.
    ///
    /// - Parameter kind: What one of them is, with its article.
    package mutating func refuseMembers(
        otherThan names: [String], allowing: Set<String> = [], insteadOf kind: String
    ) {
        // Nearly always there is none, which is told without making sets: a file has many rows.
        let isKnown = { (name: String) in
            names.contains { $0.hasSameBytes(as: name) }
                || allowing.contains { $0.hasSameBytes(as: name) }
        }
        if input.members.allSatisfy({ isKnown($0.name) }) { return }
        // They are compared by their bytes, since a client's names may be costly to hash otherwise.
        var seen = Set((names + allowing).map { Array($0.utf8) })
        let unknown = input.members.map(\.name).filter { seen.insert(Array($0.utf8)).inserted }
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

extension Field {
    fileprivate func expectation(insteadOf value: JSONValue) -> String {
        guard let example else { return "must be a string" }
        if case .number = value, let plural {
            return "must be a string: send \(plural) as strings, for example \"\(example)\""
        }
        return "must be a string such as \"\(example)\""
    }
}
