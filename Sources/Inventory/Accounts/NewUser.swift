package struct NewUser: Sendable {
    package let username: Username
    package let role: Role
    package let password: Password

    package init(_ input: ObjectReader) throws(InventoryError) {
        (username, role, password) = try input.read(
            only: ["username", "role", "password"], ignoring: ["id"], of: "a new user"
        ) { reader in
            let username = reader.read(
                "username", example: "ana", isRequired: true, Username.init(_:))
            let role = reader.choice(
                "role", example: "salesperson", of: Role.allCases, isRequired: true)
            let password = reader.read("password", isRequired: true, Password.init(chosen:))
            guard let username, let role, let password else { return nil }
            return (username, role, password)
        }
    }
}

/// A request to change a user. Nil members do not change.
package struct UserPatch: Sendable {
    package let role: Role?
    package let password: Password?

    package init(_ input: ObjectReader) throws(InventoryError) {
        (role, password) = try input.read(
            only: ["role", "password"], ignoring: ["id"], of: "a change of a user"
        ) { reader in
            let role = reader.choice("role", example: "salesperson", of: Role.allCases)
            return (role, reader.read("password", Password.init(chosen:)))
        }
    }
}
