internal import CZlib

/// Unpacks a file of an archive in pieces. One thread at a time uses it.
final class ZipEntryReader: @unchecked Sendable {
    private static let pieceBytes = 64 * 1024

    private let bytes: [UInt8]
    private let entry: ZipArchive.Entry
    private let name: String
    /// The position of the next packed byte in the archive, and of the end.
    private(set) var position: Int
    private let end: Int
    /// Nil if the file is stored without compression.
    private let stream: UnsafeMutablePointer<z_stream>?
    private var isOver = false
    private var unpackedCount = 0
    private var checksum: UInt = 0

    init(
        _ bytes: [UInt8], from start: Int, _ entry: ZipArchive.Entry, name: String
    ) throws(UnreadableWorkbook) {
        (self.bytes, self.entry, self.name) = (bytes, entry, name)
        (position, end) = (start, start + entry.packedSize)
        guard entry.method == 8 else {
            stream = nil
            return
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.stream = stream
        // A negative window size selects deflate without a header (RFC 1951).
        let result = inflateInit2_(
            stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { throw .damaged("\(name) cannot be unpacked") }
    }

    deinit {
        guard let stream else { return }
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Returns the next bytes; nil at the end. Refuses more bytes than the archive declares.
    func next() throws(UnreadableWorkbook) -> [UInt8]? {
        guard !isOver else { return nil }
        let piece = stream.map(inflate) ?? readStored()
        unpackedCount += piece.count
        checksum = crc32(checksum, piece, UInt32(piece.count))
        guard isOver ? unpackedCount == entry.size : unpackedCount <= entry.size,
            isOver ? checksum == entry.checksum : !piece.isEmpty
        else { throw .damaged("\(name) cannot be unpacked") }
        return piece
    }

    private func readStored() -> [UInt8] {
        let piece = Array(bytes[position..<min(end, position + Self.pieceBytes)])
        position += piece.count
        isOver = position == end
        return piece
    }

    /// Returns no bytes if the packed bytes are invalid or incomplete.
    private func inflate(_ stream: UnsafeMutablePointer<z_stream>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { output, count in
            bytes[position..<end].withUnsafeBufferPointer { input in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                isOver = CZlib.inflate(stream, Z_NO_FLUSH) == Z_STREAM_END
                position = end - Int(stream.pointee.avail_in)
                count = output.count - Int(stream.pointee.avail_out)
            }
        }
    }
}
