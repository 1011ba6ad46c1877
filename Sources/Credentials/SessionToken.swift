internal import Crypto
internal import Foundation
package import Inventory

/// What a signed-in client shows with every request: `ctk_` and 32 random bytes in base64url.
///
/// The prefix lets scanners for leaked secrets know one. It is not shown by accident: its description
/// is not the token.
package struct SessionToken: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    private static let prefix = "ctk_"
    private static let byteCount = 32

    /// For the client only.
    package let text: String

    /// A new one, from the system's source of randomness.
    package static func random() -> SessionToken {
        SessionToken(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
    }

    private init(bytes: Data) {
        text = Self.prefix + bytes.base64URL
    }

    /// Reads what a client shows; nil where it cannot be a token.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Data(base64URL: String(text.dropFirst(Self.prefix.count))),
            bytes.count == Self.byteCount
        else { return nil }
        self.init(bytes: bytes)
        // Base64 can write the same bytes in several ways; only one of them was given out.
        guard self.text == text else { return nil }
    }

    package var digest: TokenDigest {
        TokenDigest(bytes: Array(SHA256.hash(data: Data(text.utf8))))
    }

    package var description: String { Self.prefix + "…" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Data {
    /// RFC 4648 §5, without padding.
    fileprivate var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    fileprivate init?(base64URL text: String) {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        self.init(
            base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding)
    }
}
