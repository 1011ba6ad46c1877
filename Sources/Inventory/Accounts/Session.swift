package import Foundation

package struct Session: Equatable, Sendable {
    package let user: User
    /// Nil if the server runs without authentication: such a session does not expire.
    package let expiresAt: Date?

    package init(user: User, expiresAt: Date?) {
        self.user = user
        self.expiresAt = expiresAt
    }

    package func isOver(at now: Date) -> Bool {
        expiresAt.map { $0 <= now } ?? false
    }
}

/// A token's unexpired session, if any, and the store's state, if the store knows it.
package typealias Authentication = (session: Session?, state: StoreStateToken?)

package struct SessionDraft: Equatable, Sendable {
    package let username: Username
    /// The hash that the user's password matched.
    package let passwordHash: PasswordHash
    package let digest: TokenDigest
    /// Rounded down to a whole second, as stores keep it.
    package let expiresAt: Date

    package init(
        username: Username, passwordHash: PasswordHash, digest: TokenDigest, expiresAt: Date
    ) {
        self.username = username
        self.passwordHash = passwordHash
        self.digest = digest
        self.expiresAt = Date(wholeSeconds: expiresAt.wholeSeconds)
    }
}

package struct SessionPeriod: Equatable, Sendable {
    /// Nil for sessions that older releases created.
    package let createdAt: Date?
    package let expiresAt: Date

    package init(createdAt: Date?, expiresAt: Date) {
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// The SHA-256 of a session's token. Stores do not know the token itself.
package struct TokenDigest: Hashable, Sendable, Secret {
    /// 32 bytes.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

extension Date {
    /// Seconds since 1970, rounded down.
    package var wholeSeconds: Int64 { Int64(timeIntervalSince1970.rounded(.down)) }

    package init(wholeSeconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(wholeSeconds))
    }
}
