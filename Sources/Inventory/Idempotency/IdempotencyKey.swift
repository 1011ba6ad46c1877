package import Foundation

/// Marks a request that a client may repeat without repeating its effect
/// (draft-ietf-httpapi-idempotency-key-header).
package struct IdempotencyKey: Hashable, Sendable {
    /// How long a key is kept, in seconds.
    package static let lifetime: TimeInterval = 24 * 60 * 60
    package static let mostPerUser = 10_000
    /// How many expired keys one transaction deletes.
    package static let mostPruned = 100
    /// How long a request waits for another one with the same key.
    package static let longestWait = Duration.seconds(5)

    private static let lengths = 1...255

    /// The user or the command that sends the request; different users may use the same text.
    package let username: String
    package let text: String

    package init(_ text: String, of username: String) throws(InvalidValue) {
        let visible = UInt8(ascii: "!")...UInt8(ascii: "~")
        guard Self.lengths.contains(text.utf8.count), text.utf8.allSatisfy(visible.contains) else {
            throw InvalidValue("must be 1 to 255 visible ASCII characters")
        }
        self.init(stored: text, of: username)
    }

    package init(stored text: String, of username: String) {
        self.username = username
        self.text = text
    }
}
