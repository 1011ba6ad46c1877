/// Why one value is refused, for a person: what follows the name of the field in a sentence,
/// as in "(a price) must not be negative".
package struct Refusal: Error, Equatable, Sendable {
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }
}

/// One thing that is wrong with what a client sent.
package struct Fault: Equatable, Sendable {
    /// The member at fault; nil when it is the whole.
    package let field: String?
    /// What follows the field's name in a sentence.
    package let detail: String

    package init(field: String?, detail: String) {
        self.field = field
        self.detail = detail
    }
}
