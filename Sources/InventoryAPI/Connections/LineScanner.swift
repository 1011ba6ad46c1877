internal import NIOCore

/// Finds where a head, or a body in chunks, may end: after an empty line.
struct LineScanner {
    /// Whether the first line ends with `HTTP/1.1` or the like: NIO's parser reads `RTSP/1.0` too.
    var nameHTTP: Bool { protocolInitial == UInt8(ascii: "H") }

    private var protocolInitial: UInt8?
    private var isFirstLine = true
    private var isLineEmpty = true
    private var isAfterSpace = false

    /// How many bytes come up to the end of the next empty line; `length`, if there is none before.
    mutating func lengthToEmptyLine(of bytes: ByteBuffer, atMost length: Int) -> Int {
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
