internal import NIOCore

/// Finds the end of a request's head: an empty line (RFC 9112 §2.1).
struct HeadScanner {
    /// Whether the protocol is HTTP. NIO's parser does not check it: it also accepts `RTSP/1.0`.
    var namesHTTP: Bool { protocolInitial == UInt8(ascii: "H") }

    private var protocolInitial: UInt8?
    private var isFirstLine = true
    private var isLineEmpty = true
    private var isAfterSpace = false

    mutating func lengthToEnd(of bytes: ByteBuffer, atMost length: Int) -> Int {
        bytes.withUnsafeReadableBytes { bytes in
            var rest = UnsafeRawBufferPointer(rebasing: bytes.prefix(length))
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                note(rest[..<end])
                rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
                if isLineEmpty { return length - rest.count }
                (isLineEmpty, isFirstLine) = (true, false)
            }
            note(rest[...])
            return length
        }
    }

    /// - Parameter part: A part of a line of the head, without the end of the line.
    private mutating func note(_ part: Slice<UnsafeRawBufferPointer>) {
        isLineEmpty = isLineEmpty && part.allSatisfy { $0 == UInt8(ascii: "\r") }
        guard isFirstLine else { return }
        for byte in part where byte != UInt8(ascii: "\r") {
            if isAfterSpace { protocolInitial = byte }
            isAfterSpace = byte == UInt8(ascii: " ")
        }
    }
}
