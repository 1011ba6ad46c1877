/// What a store knows of a session's token: its SHA-256, which leads back to no token.
package struct TokenDigest: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The 32 bytes of a SHA-256.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var description: String { "a token's digest" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
