/// Who somebody claims to be.
package struct SignIn: Equatable, Sendable {
    /// It is nil where what was given is no name that a user can have.
    package let username: Username?
    package let password: Password

    /// - Throws: ``InventoryError/invalid(_:)`` with every error, in the order of the members.
    package init(_ input: ObjectInput) throws(InventoryError) {
        var reader = ObjectReader(input)
        let username = reader.read(.username, isRequired: true) { text throws(InvalidValue) in text
        }
        let password = reader.read(.password, isRequired: true) { text throws(InvalidValue) in
            Password(presented: text)
        }
        reader.refuseMembers(otherThan: [.username, .password], of: "a sign-in")
        guard let username, let password, reader.errors.isEmpty else {
            throw .invalid(reader.errors)
        }
        // That a name is impossible is no news to somebody who guesses names.
        self.username = try? Username(username)
        self.password = password
    }
}

extension Field {
    fileprivate static let username = Field(name: "username")
    fileprivate static let password = Field(name: "password")
}
