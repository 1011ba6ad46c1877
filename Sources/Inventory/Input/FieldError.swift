/// Why one value is refused, for a person: what follows the name of the field in a sentence,
/// as in "(a price) must not be negative".
///
/// The reason is found when it is read: of the errors of a large file most are only counted.
package struct InvalidValue: Error, Equatable, Sendable {
    private let findReason: @Sendable () -> String
    package var reason: String { findReason() }

    package init(_ reason: @autoclosure @escaping @Sendable () -> String) {
        findReason = reason
    }

    package static func == (one: InvalidValue, other: InvalidValue) -> Bool {
        one.reason == other.reason
    }

    /// Says that `text` is none of those that there are.
    ///
    /// - Parameter kind: What those are called at the beginning of a sentence.
    package init(unknown text: String, among names: [String], called kind: String) {
        let hint = text.closest(among: names).map { " Did you mean \($0)?" } ?? ""
        self.init(
            "cannot be \(text.isEmpty ? "empty" : text.shortened).\(hint)"
                + " \(kind): \(names.joined(separator: ", "))")
    }
}

/// One thing that is wrong with what a client sent.
package struct FieldError: Equatable, Sendable {
    /// The member at error; nil when it is the whole.
    package let field: String?
    /// The members that lead to the object which it is a member of, the outermost first.
    package let parents: [String]
    private let refusal: InvalidValue
    /// What follows the field's name in a sentence.
    package var detail: String { refusal.reason }

    init(_ refusal: InvalidValue, of field: String?, parents: [String] = []) {
        self.field = field
        self.refusal = refusal
        self.parents = parents
    }

    package init(
        field: String?, detail: @autoclosure @escaping @Sendable () -> String,
        parents: [String] = []
    ) {
        self.init(InvalidValue(detail()), of: field, parents: parents)
    }

    /// The same error, of the object that is the member `parent` of another.
    package func inside(_ parent: String) -> FieldError {
        FieldError(refusal, of: field, parents: [parent] + parents)
    }

    /// All names that lead to the error; none where it is the whole.
    package var path: [String] { parents + (field.map { [$0] } ?? []) }
}
