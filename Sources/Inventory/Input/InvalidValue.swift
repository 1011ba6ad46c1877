/// The reason why a value is invalid, as a message without its subject: "must not be negative". It
/// is computed when it is read, because most errors of a large file are only counted.
package struct InvalidValue: Error, Equatable, Sendable {
    private let findReason: @Sendable () -> String
    package var reason: String { findReason() }

    package init(_ reason: @autoclosure @escaping @Sendable () -> String) {
        findReason = reason
    }

    /// For a `text` that is none of `names`. The message calls the names `kind`, such as "Columns".
    package init(unknown text: String, among names: [String], called kind: String) {
        let hint = text.closest(among: names).map { " Did you mean \($0)?" } ?? ""
        self.init(
            "cannot be \(text.isEmpty ? "empty" : text.shortened).\(hint)"
                + " \(kind): \(names.joined(separator: ", "))")
    }

    package static func == (one: InvalidValue, other: InvalidValue) -> Bool {
        one.reason == other.reason
    }
}
