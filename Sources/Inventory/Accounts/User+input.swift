/// Somebody who shall be added to the users.
package struct NewUser: Sendable {
    package let username: Username
    package let role: Role
    package let password: Password

    /// - Throws: ``InventoryError/invalid(_:)`` with every error.
    package init(_ input: ObjectInput) throws(InventoryError) {
        var reader = ObjectReader(input)
        let username = reader.read(.username, isRequired: true) { text throws(InvalidValue) in
            try Username(text)
        }
        let role = reader.readRole(isRequired: true)
        let password = reader.readPassword(.password, isRequired: true)
        reader.refuseMembers(
            otherThan: [.username, .role, .password], allowing: ["id"], of: "a new user")
        guard let username, let role, let password, reader.errors.isEmpty else {
            throw .invalid(reader.errors)
        }
        self.username = username
        self.role = role
        self.password = password
    }
}

/// What shall be changed of a user; what is nil stays as it is.
package struct UserPatch: Sendable {
    package let role: Role?
    package let password: Password?

    /// - Throws: ``InventoryError/invalid(_:)`` with every error.
    package init(_ reader: ObjectReader) throws(InventoryError) {
        var reader = reader
        role = reader.readRole(isRequired: false)
        password = reader.readPassword(.password, isRequired: false)
        reader.refuseMembers(
            otherThan: [.role, .password], allowing: ["id"], of: "a change of a user")
        guard reader.errors.isEmpty else { throw .invalid(reader.errors) }
    }
}

/// What a user writes who wants another password.
package struct PasswordChange: Sendable {
    /// What the user claims that the password is.
    package let current: Password
    package let new: Password

    /// - Throws: ``InventoryError/invalid(_:)`` with every error.
    package init(_ input: ObjectInput) throws(InventoryError) {
        var reader = ObjectReader(input)
        let current = reader.read(.currentPassword, isRequired: true) { text throws(InvalidValue) in
            Password(presented: text)
        }
        let new = reader.readPassword(.newPassword, isRequired: true)
        reader.refuseMembers(
            otherThan: [.currentPassword, .newPassword], of: "a change of the password")
        guard let current, let new, reader.errors.isEmpty else { throw .invalid(reader.errors) }
        self.current = current
        self.new = new
    }

    /// Says that the user's password is another.
    package static let isWrong = InventoryError.invalid([
        FieldError(field: Field.currentPassword.name, detail: "is not your password")
    ])
}

extension ObjectReader {
    fileprivate mutating func readRole(isRequired: Bool) -> Role? {
        read(.role, isRequired: isRequired) { text throws(InvalidValue) in
            guard let role = Role.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) })
            else {
                throw InvalidValue(
                    "must be " + Role.allCases.map(\.rawValue).joined(separator: " or "))
            }
            return role
        }
    }

    fileprivate mutating func readPassword(_ field: Field, isRequired: Bool) -> Password? {
        read(field, isRequired: isRequired) { text throws(InvalidValue) in
            try Password(chosen: text)
        }
    }
}

extension Field {
    fileprivate static let username = Field(name: "username", example: "ana")
    fileprivate static let role = Field(name: "role", example: "salesperson")
    fileprivate static let password = Field(name: "password")
    fileprivate static let currentPassword = Field(name: "currentPassword")
    fileprivate static let newPassword = Field(name: "newPassword")
}
