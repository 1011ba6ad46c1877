/// A request to create a user.
package struct NewUser: Sendable {
    package let username: Username
    package let role: Role
    package let password: Password

    /// - Throws: ``InventoryError/invalid(_:)`` with all errors.
    package init(_ input: ObjectReader) throws(InventoryError) {
        var reader = input
        let username = reader.read(
            "username", example: "ana", isRequired: true, Username.init(_:))
        let role = reader.role(isRequired: true)
        let password = reader.read("password", isRequired: true, Password.init(chosen:))
        reader.refuseMembers(
            otherThan: ["username", "role", "password"], ignoring: ["id"],
            insteadOf: "a member of a new user")
        guard let username, let role, let password, reader.errors.isEmpty else {
            throw .invalid(reader.errors)
        }
        self.username = username
        self.role = role
        self.password = password
    }
}

/// A request to change a user. Nil members do not change.
package struct UserPatch: Sendable {
    package let role: Role?
    package let password: Password?

    /// - Throws: ``InventoryError/invalid(_:)`` with all errors.
    package init(_ input: ObjectReader) throws(InventoryError) {
        var reader = input
        role = reader.role(isRequired: false)
        password = reader.read("password", Password.init(chosen:))
        reader.refuseMembers(
            otherThan: ["role", "password"], ignoring: ["id"],
            insteadOf: "a member of a change of a user")
        guard reader.errors.isEmpty else { throw .invalid(reader.errors) }
    }
}

extension ObjectReader {
    fileprivate mutating func role(isRequired: Bool) -> Role? {
        choice("role", example: "salesperson", of: Role.allCases, isRequired: isRequired)
    }
}
