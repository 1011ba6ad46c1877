internal import Crypto

/// A hash of a request (SHA-256), which two requests share only if they are the same.
package struct RequestDigest: Sendable {
    private var hash = SHA256()

    /// - Parameter parts: Texts without NUL; nil is an empty text.
    package init(_ parts: [String?]) {
        for part in parts { hash.update(data: Array((part ?? "").utf8) + [0]) }
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: bytes)
    }

    /// 64 hexadecimal digits.
    package var text: String { hash.finalize().hexadecimal }
}
