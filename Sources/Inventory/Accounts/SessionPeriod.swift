package import Foundation

/// When a session began, and when it ends by itself.
package struct SessionPeriod: Equatable, Sendable {
    /// It is nil where that was not written down.
    package let createdAt: Date?
    package let expiresAt: Date

    package init(createdAt: Date?, expiresAt: Date) {
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
