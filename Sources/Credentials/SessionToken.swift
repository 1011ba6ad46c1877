internal import Crypto
internal import Foundation
package import Inventory

/// Authenticates the requests of a session: `ctk_` and 32 random bytes in base64url. Scanners for
/// leaked secrets recognize the prefix.
package struct SessionToken: Equatable, Sendable, Secret {
    private static let prefix = "ctk_"
    /// The characters of 32 bytes in base64url without padding (RFC 4648 §5).
    private static let encodedCount = 43

    /// The token itself, which only the client keeps. The store has its digest.
    package let text: String

    package static func random() -> SessionToken {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let encoded = bytes.base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_").replacing("=", with: "")
        return SessionToken(text: prefix + encoded)
    }

}

extension SessionToken {
    package init?(_ text: String) {
        // Checks only the form, because it runs for every request. The store knows no forged token.
        guard text.utf8.count == Self.prefix.utf8.count + Self.encodedCount,
            text.hasPrefix(Self.prefix),
            text.utf8.dropFirst(Self.prefix.utf8.count).allSatisfy({ Self.isEncoding[Int($0)] })
        else { return nil }
        self.init(text: text)
    }

    private static let isEncoding = (0...UInt8.max).map(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8.contains)

    package var digest: TokenDigest {
        TokenDigest(bytes: Array(SHA256.hash(data: Data(text.utf8))))
    }
}
