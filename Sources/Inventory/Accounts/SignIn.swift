package struct SignIn: Equatable, Sendable {
    /// Nil if no user can have the given name.
    package let username: Username?
    package let password: Password

    /// - Throws: ``InventoryError/invalid(_:)`` with all errors, in the order of the members.
    package init(_ input: ObjectReader) throws(InventoryError) {
        var reader = input
        let name = reader.read("username", isRequired: true) { $0 }
        let password = reader.read("password", isRequired: true, Password.init(presented:))
        reader.refuseMembers(
            otherThan: ["username", "password"], insteadOf: "a member of a sign-in")
        guard let name, let password, reader.errors.isEmpty else {
            throw .invalid(reader.errors)
        }
        // An invalid name is not reported, so that it does not help to guess names.
        username = try? Username(name)
        self.password = password
    }
}

/// A user's request to change their own password.
package struct PasswordChange: Sendable {
    package let current: Password
    package let new: Password

    /// - Throws: ``InventoryError/invalid(_:)`` with all errors.
    package init(_ input: ObjectReader) throws(InventoryError) {
        var reader = input
        let current = reader.read("currentPassword", isRequired: true, Password.init(presented:))
        let new = reader.read("newPassword", isRequired: true, Password.init(chosen:))
        reader.refuseMembers(
            otherThan: ["currentPassword", "newPassword"],
            insteadOf: "a member of a change of the password")
        guard let current, let new, reader.errors.isEmpty else { throw .invalid(reader.errors) }
        self.current = current
        self.new = new
    }

    package static let isWrong = InventoryError.invalid([
        FieldError(field: "currentPassword", detail: "is not your password")
    ])
}
