package import Foundation

/// A user who has shown a good token.
package struct Session: Equatable, Sendable {
    package let user: User
    /// It is nil where nobody signs in, so that nothing expires.
    package let expiresAt: Date?

    package init(user: User, expiresAt: Date?) {
        self.user = user
        self.expiresAt = expiresAt
    }

    package func isOver(at now: Date) -> Bool {
        expiresAt.map { $0 <= now } ?? false
    }
}

/// What starts a session.
package struct SessionDraft: Equatable, Sendable {
    package let username: Username
    /// What the user's password was checked against.
    package let passwordHash: PasswordHash
    package let digest: TokenDigest
    /// A whole second, which is what a store keeps.
    package let expiresAt: Date

    /// - Parameter expiresAt: What it has beyond a whole second is cut off.
    package init(
        username: Username, passwordHash: PasswordHash, digest: TokenDigest, expiresAt: Date
    ) {
        self.username = username
        self.passwordHash = passwordHash
        self.digest = digest
        self.expiresAt = Date(wholeSeconds: expiresAt.wholeSeconds)
    }
}

extension Date {
    /// Since 1970, rounded down: what a store compares and keeps.
    package var wholeSeconds: Int64 { Int64(timeIntervalSince1970.rounded(.down)) }

    package init(wholeSeconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(wholeSeconds))
    }
}
