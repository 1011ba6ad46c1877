internal import Foundation

/// A password in clear, which is never stored, and never shown: its description is a row of dots.
package struct Password: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// In characters as NIST SP 800-63B §5.1.1.2 counts them: Unicode code points.
    private static let lengths = 8...128

    /// In UTF-8, of a password of the greatest length, however it is composed: four bytes a
    /// character in normal form C, and up to three times as many in other forms
    /// (https://www.unicode.org/faq/normalization.html#12).
    private static let mostBytes = 3 * 4 * lengths.upperBound

    /// What is hashed: UTF-8 in normal form C, so that a password is the same from every keyboard.
    package let bytes: [UInt8]

    /// A password that somebody claims to have; the rules are for choosing one.
    ///
    /// One that is longer than any that was chosen stays as it is, and so matches none: to normalise
    /// it may take seconds.
    package init(presented text: String) {
        let isPossible = text.utf8.count <= Self.mostBytes
        bytes = Array((isPossible ? text.precomposedStringWithCanonicalMapping : text).utf8)
    }

    /// A password that somebody wants to have.
    ///
    /// - Throws: ``InvalidValue`` with what is wrong, for a person.
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
        guard !CommonPasswords.contains(text) else {
            throw InvalidValue(
                "is among the most common ones, which are tried first; choose another")
        }
        self.init(presented: text)
    }

    package var description: String { "••••••••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A password's hash with all that is needed to check a password against it.
///
/// Whoever has it can try passwords, so it is not shown either.
package struct PasswordHash: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The hash in the PHC string format.
    package let stored: String

    package init(stored: String) {
        self.stored = stored
    }

    package var description: String { "a password's hash" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
