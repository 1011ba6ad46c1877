internal import NIOCore

/// Finds the end of a head: an empty line (RFC 9112 §2.1).
struct HeadScanner {
    /// Whether the first line ends with `HTTP/1.1` or the like: NIO's parser reads `RTSP/1.0` too.
    var namesHTTP: Bool { protocolInitial == UInt8(ascii: "H") }

    private var protocolInitial: UInt8?
    private var isFirstLine = true
    private var isLineEmpty = true
    private var isAfterSpace = false

    /// How many bytes come up to the end; `length`, if it is not among them.
    mutating func lengthToEnd(of bytes: ByteBuffer, atMost length: Int) -> Int {
        for (index, byte) in bytes.readableBytesView.prefix(length).enumerated() {
            switch byte {
            case UInt8(ascii: "\r"): break
            case UInt8(ascii: "\n"):
                if isLineEmpty { return index + 1 }
                (isLineEmpty, isFirstLine) = (true, false)
            default:
                isLineEmpty = false
                if isFirstLine, isAfterSpace { protocolInitial = byte }
                isAfterSpace = byte == UInt8(ascii: " ")
            }
        }
        return length
    }
}
