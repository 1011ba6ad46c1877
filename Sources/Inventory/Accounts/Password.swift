internal import Foundation

/// A password in clear, which is never stored, and never shown: its description is a row of dots.
package struct Password: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// In characters as NIST SP 800-63B §5.1.1.2 counts them: Unicode code points.
    private static let lengths = 8...128

    /// What is hashed: UTF-8 in normal form C, so that a password is the same from every keyboard.
    package let bytes: [UInt8]

    /// A password that somebody claims to have; the rules are for choosing one.
    package init(presented text: String) {
        bytes = Array(text.precomposedStringWithCanonicalMapping.utf8)
    }

    /// A password that somebody wants to have.
    ///
    /// - Throws: ``Refusal`` with what is wrong, for a person.
    package init(chosen text: String) throws(Refusal) {
        let length = text.precomposedStringWithCanonicalMapping.unicodeScalars.count
        guard length >= Self.lengths.lowerBound else {
            throw Refusal("must have at least \(Self.lengths.lowerBound) characters")
        }
        guard length <= Self.lengths.upperBound else {
            throw Refusal("must have at most \(Self.lengths.upperBound) characters")
        }
        guard !CommonPasswords.contains(text) else {
            throw Refusal("is among the most common ones, which are tried first; choose another")
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
    /// In the PHC string format.
    package let stored: String

    package init(stored: String) {
        self.stored = stored
    }

    package var description: String { "a password's hash" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
