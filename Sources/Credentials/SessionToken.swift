internal import Crypto
internal import Foundation
package import Inventory

/// What a signed-in client shows with every request: `ctk_` and 32 random bytes in base64url.
///
/// By the prefix, scanners for leaked secrets know a token. It is not shown by accident, because its
/// description leaves out the random part.
package struct SessionToken: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    private static let prefix = "ctk_"
    /// How many characters 32 bytes are in base64url without padding (RFC 4648 §5).
    private static let encodedCount = 43

    /// The token itself, which nobody but the client may see.
    package let text: String

    /// Makes a new one from the system's source of randomness.
    package static func random() -> SessionToken {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let encoded = bytes.base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_").replacing("=", with: "")
        return SessionToken(checked: prefix + encoded)
    }

    private init(checked text: String) {
        self.text = text
    }

    /// Reads what a client shows; nil where it cannot be a token.
    package init?(_ text: String) {
        // Only the form is looked at, since every request passes here: a text of this form that was
        // never given out has no session.
        guard text.utf8.count == Self.prefix.utf8.count + Self.encodedCount,
            text.hasPrefix(Self.prefix),
            text.utf8.dropFirst(Self.prefix.utf8.count).allSatisfy(Self.isEncoding)
        else { return nil }
        self.init(checked: text)
    }

    private static func isEncoding(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    package var digest: TokenDigest {
        TokenDigest(bytes: Array(SHA256.hash(data: Data(text.utf8))))
    }

    package var description: String { Self.prefix + "…" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
