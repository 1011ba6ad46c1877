package struct FieldError: Equatable, Sendable {
    /// The name of the invalid member; nil if the whole object is invalid.
    package let field: String?
    /// The names of the members that contain the object with `field`, the outermost first.
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
