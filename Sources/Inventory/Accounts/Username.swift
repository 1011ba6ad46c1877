/// The name that a user signs in with: 1 to 64 small letters, digits, `.`, `_`, `-` and `@`.
package struct Username: Hashable, Sendable, CustomStringConvertible {
    /// Bounds the bytes that are examined, including blanks around the name.
    private static let mostBytes = 256
    private static let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789._-@".utf8)
    private static let tooLong = InvalidValue("must have at most 64 characters")

    package let description: String

    package init(stored name: String) {
        description = name
    }

    /// Reads a name; blanks around it and case are ignored.
    package init(_ text: String) throws(InvalidValue) {
        guard text.utf8.count <= Self.mostBytes else { throw Self.tooLong }
        let name = text.trimmingBlanks().lowercased()
        guard !name.isEmpty else { throw InvalidValue("must not be empty") }
        // Only ASCII, so that no two names look alike.
        guard name.utf8.allSatisfy(Self.allowed.contains) else {
            throw InvalidValue("may contain letters a to z, digits and . _ - @ only")
        }
        guard name.utf8.count <= 64 else { throw Self.tooLong }
        description = name
    }
}
