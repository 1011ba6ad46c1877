/// Why one value is refused, for a person: what follows the name of the field in a sentence,
/// as in "(a price) must not be negative".
package struct Refusal: Error, Equatable, Sendable {
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
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
package struct Fault: Equatable, Sendable {
    /// The member at fault; nil when it is the whole.
    package let field: String?
    /// The members that lead to the object which it is a member of, the outermost first.
    package let parents: [String]
    /// What follows the field's name in a sentence.
    package let detail: String

    package init(field: String?, detail: String, parents: [String] = []) {
        self.field = field
        self.detail = detail
        self.parents = parents
    }

    /// The same fault, of the object that is the member `parent` of another.
    package func inside(_ parent: String) -> Fault {
        Fault(field: field, detail: detail, parents: [parent] + parents)
    }

    /// All names that lead to the fault; none where it is the whole.
    package var path: [String] { parents + (field.map { [$0] } ?? []) }
}
