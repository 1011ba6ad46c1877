package struct FieldError: Equatable, Sendable {
    /// The invalid member; nil if the whole object is invalid.
    package let field: String?
    /// The members that lead to the object of `field`, the outermost first.
    package private(set) var parents: [String] = []
    private let error: InvalidValue
    /// The message without the field's name.
    package var detail: String { error.reason }

    init(_ error: InvalidValue, of field: String?) {
        self.field = field
        self.error = error
    }

    package init(field: String?, detail: @autoclosure @escaping @Sendable () -> String) {
        self.init(InvalidValue(detail()), of: field)
    }

    package func inside(_ parent: String) -> FieldError {
        var error = self
        error.parents.insert(parent, at: 0)
        return error
    }

    package var path: [String] { parents + (field.map { [$0] } ?? []) }
}
