internal import Foundation
internal import Resources

/// A value that messages, logs and dumps do not show.
package protocol Secret: CustomStringConvertible, CustomReflectable {}

extension Secret {
    package var description: String { "••••••••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A password in clear. It is never stored.
package struct Password: Equatable, Sendable, Secret {
    /// Counts Unicode code points, as NIST SP 800-63B §5.1.1.2 does.
    private static let lengths = 8...128

    /// Normal form C has up to four bytes a character, and other forms up to three times as many
    /// (https://www.unicode.org/faq/normalization.html#12).
    private static let mostBytes = 3 * 4 * lengths.upperBound

    /// The most common passwords, which attackers try first.
    private static let common: Set<String> = {
        let file = commonPasswords()
        let bytes = UnsafeBufferPointer(start: file.content, count: file.size)
        return Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
    }()

    /// UTF-8 in normal form C, so that a password has the same bytes from every keyboard.
    package let bytes: [UInt8]

    /// Reads a password that a user signs in with: the rules for new passwords do not apply. A text
    /// that is too long matches no password; it is not normalized, since that may take seconds.
    package init(presented text: String) {
        let isPossible = text.utf8.count <= Self.mostBytes
        bytes = Array((isPossible ? text.precomposedStringWithCanonicalMapping : text).utf8)
    }

    package init(chosen text: String) throws(InvalidValue) {
        let length =
            text.utf8.count > Self.mostBytes
            ? .max : text.precomposedStringWithCanonicalMapping.unicodeScalars.count
        guard length >= Self.lengths.lowerBound else {
            throw InvalidValue("must have at least \(Self.lengths.lowerBound) characters")
        }
        guard length <= Self.lengths.upperBound else {
            throw InvalidValue("must have at most \(Self.lengths.upperBound) characters")
        }
        guard !Self.common.contains(text.lowercased()) else {
            throw InvalidValue(
                "is among the most common ones, which are tried first; choose another")
        }
        self.init(presented: text)
    }
}

/// The hash of a password, with its salt and cost. It is secret, because an attacker with the hash
/// can try passwords without the server.
package struct PasswordHash: Equatable, Sendable, Secret {
    /// The hash in the PHC string format.
    package let stored: String

    package init(stored: String) {
        self.stored = stored
    }
}
