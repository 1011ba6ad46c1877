package import Foundation

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

/// A user who has shown a good token.
package struct Session: Equatable, Sendable {
    package let user: User
    /// Nil where it does not.
    package let expiresAt: Date?

    package init(user: User, expiresAt: Date?) {
        self.user = user
        self.expiresAt = expiresAt
    }

    package func isOver(at now: Date) -> Bool {
        expiresAt.map { $0 <= now } ?? false
    }
}

/// What a store knows of a session's token: its SHA-256, which leads back to no token.
package struct TokenDigest: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// 32 of them.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var description: String { "a token's digest" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What starts a session.
package struct SessionDraft: Equatable, Sendable {
    package let username: Username
    /// What the user's password was checked against.
    package let passwordHash: PasswordHash
    package let digest: TokenDigest
    /// To the second.
    package let expiresAt: Date

    package init(
        username: Username, passwordHash: PasswordHash, digest: TokenDigest, expiresAt: Date
    ) {
        self.username = username
        self.passwordHash = passwordHash
        self.digest = digest
        self.expiresAt = expiresAt
    }
}
