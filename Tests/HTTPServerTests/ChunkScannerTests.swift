import NIOCore
import Testing

@testable import HTTPServer

@Suite struct ChunkScannerTests {
    private static let lineBreaks = "8\r\n\n\n\n\r\n\r\n\n\r\n0\r\n\r\n"

    @Test(arguments: [
        "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "5;a=\"b\"\r\nhello\r\n000\r\nA: b\r\nC: d\r\n\r\n",
        "A\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", lineBreaks,
    ])
    func bodyEndsAfterTheTrailersOfTheLastChunk(body: String) {
        let bytes = ByteBuffer(string: body + "GET / HTTP/1.1\r\n\r\n")
        var whole = ChunkScanner()
        #expect(whole.lengthToEnd(of: bytes, atMost: bytes.readableBytes) == body.utf8.count)
        var pieces = ChunkScanner()
        for index in 0..<body.utf8.count {
            let slice = bytes.getSlice(at: index, length: bytes.readableBytes - index)
            #expect(pieces.lengthToEnd(of: slice ?? ByteBuffer(), atMost: 1) == 1)
        }
    }

    @Test func lineBreaksInAChunkEndNoSlice() {
        let bytes = ByteBuffer(string: String(Self.lineBreaks.dropLast(2)))
        var scanner = ChunkScanner()
        #expect(
            scanner.lengthToEnd(of: bytes, atMost: bytes.readableBytes) == bytes.readableBytes)
    }
}
