package import Foundation

/// The user and time of a change.
package struct Author: Equatable, Sendable {
    /// The name at the time of the change. The history keeps it if the user is removed.
    package let username: String
    /// Rounded down to a whole millisecond, as stores keep it.
    package let at: Date

    package init(username: String, at: Date) {
        self.username = username
        self.at = Date(wholeMilliseconds: at.wholeMilliseconds)
    }
}

extension Date {
    /// Milliseconds since 1970, rounded down.
    package var wholeMilliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded(.down)) }

    package init(wholeMilliseconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(wholeMilliseconds) / 1000)
    }
}
