internal import NIOCore

/// Finds the end of a body in chunks: the empty line after the last chunk (RFC 9112 §7.1). It
/// checks nothing else, because the parser rejects malformed bodies.
struct ChunkScanner {
    private enum Part {
        case size, afterSize, data, afterData, trailers
    }

    /// Bounds the computed size of a chunk; no accepted body is that large.
    private static let largestSize = 1 << 40

    private var part = Part.size
    /// How many bytes of the chunk are not scanned yet.
    private var remaining = 0
    private var isLineEmpty = true

    mutating func lengthToEnd(of bytes: ByteBuffer, atMost length: Int) -> Int {
        let view = bytes.readableBytesView.prefix(length)
        var index = view.startIndex
        while index < view.endIndex {
            if part == .data {
                let step = min(remaining, view.endIndex - index)
                index += step
                remaining -= step
                if remaining == 0 { part = .afterData }
            } else {
                index += 1
                if isEnd(view[index - 1]) { return index - view.startIndex }
            }
        }
        return length
    }

    private mutating func isEnd(_ byte: UInt8) -> Bool {
        switch (part, byte) {
        case (.trailers, UInt8(ascii: "\n")) where isLineEmpty: return true
        case (.trailers, UInt8(ascii: "\n")): isLineEmpty = true
        case (.trailers, UInt8(ascii: "\r")): break
        case (.trailers, _): isLineEmpty = false
        case (.afterData, UInt8(ascii: "\n")): part = .size
        case (.size, UInt8(ascii: "\n")), (.afterSize, UInt8(ascii: "\n")):
            part = remaining == 0 ? .trailers : .data
        case (.size, _):
            if let digit = Character(Unicode.Scalar(byte)).hexDigitValue {
                remaining = min(remaining * 16 + digit, Self.largestSize)
            } else {
                part = .afterSize
            }
        default: break
        }
        return false
    }
}
