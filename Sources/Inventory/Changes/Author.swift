package import Foundation

/// Who changes numbers, and when.
package struct Author: Equatable, Sendable {
    /// The name as it is now: it stays in the history where the user is removed.
    package let username: String
    /// A whole millisecond, which is what a store keeps.
    package let at: Date

    /// - Parameter at: What it has beyond a whole millisecond is cut off.
    package init(username: String, at: Date) {
        self.username = username
        self.at = Date(wholeMilliseconds: at.wholeMilliseconds)
    }
}

extension Date {
    /// How many there are since 1970, rounded down.
    package var wholeMilliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded(.down)) }

    package init(wholeMilliseconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(wholeMilliseconds) / 1000)
    }
}
