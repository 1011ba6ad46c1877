package struct SignIn: Equatable, Sendable {
    /// Nil if no user can have the given name. That is no error, because an error would help to
    /// guess names.
    package let username: Username?
    package let password: Password

    package init(_ input: ObjectReader) throws(InventoryError) {
        (username, password) = try input.read(
            only: ["username", "password"], of: "a sign-in"
        ) { reader in
            let name = reader.read("username", isRequired: true) { $0 }
            let password = reader.read("password", isRequired: true, Password.init(presented:))
            guard let name, let password else { return nil }
            return (try? Username(name), password)
        }
    }
}

package struct PasswordChange: Sendable {
    package let current: Password
    package let new: Password

    package init(_ input: ObjectReader) throws(InventoryError) {
        (current, new) = try input.read(
            only: ["currentPassword", "newPassword"], of: "a change of the password"
        ) { reader in
            let current = reader.read(
                "currentPassword", isRequired: true, Password.init(presented:))
            let new = reader.read("newPassword", isRequired: true, Password.init(chosen:))
            guard let current, let new else { return nil }
            return (current, new)
        }
    }

    package static let isWrong = InventoryError.invalid(
        "currentPassword", "is not your password")
}
