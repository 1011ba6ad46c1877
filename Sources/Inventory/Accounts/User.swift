/// A person or a program that may use the inventory.
package struct User: Equatable, Sendable, Identifiable {
    /// Assigned by the store, from 1; never reused.
    package let id: Int64
    package let username: Username
    package let role: Role

    package init(id: Int64, username: Username, role: Role) {
        self.id = id
        self.username = username
        self.role = role
    }
}

package enum Role: String, CaseIterable, Sendable {
    /// May do everything.
    case supervisor
    /// May read the numbers.
    case salesperson
}

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

package struct Account: Equatable, Sendable {
    package let user: User
    /// The number of sessions that have not expired.
    package let sessions: Int

    package init(user: User, sessions: Int) {
        self.user = user
        self.sessions = sessions
    }
}

package enum UserKey: Hashable, Sendable, CustomStringConvertible {
    case id(Int64)
    case username(Username)

    /// Follows "user" in a message.
    package var description: String {
        switch self {
        case .id(let id): "with id \(id)"
        case .username(let username): username.description
        }
    }
}
