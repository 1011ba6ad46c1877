/// Somebody who may use the inventory.
package struct User: Equatable, Sendable, Identifiable {
    /// Given by the store, from 1, never given again.
    package let id: Int64
    package let username: Username
    package let role: Role

    package init(id: Int64, username: Username, role: Role) {
        self.id = id
        self.username = username
        self.role = role
    }
}

/// What creates a user.
package struct UserDraft: Equatable, Sendable {
    package let username: Username
    package let role: Role
    package let passwordHash: PasswordHash

    package init(username: Username, role: Role, passwordHash: PasswordHash) {
        self.username = username
        self.role = role
        self.passwordHash = passwordHash
    }
}
