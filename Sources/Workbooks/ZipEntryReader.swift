internal import CZlib

/// Unpacks a file of an archive in pieces. A copy continues on its own.
struct ZipEntryReader: Sendable {
    private static let pieceBytes = 64 * 1024

    private let bytes: [UInt8]
    private let entry: ZipArchive.Entry
    private let name: String
    /// The position of the next packed byte in the archive.
    private(set) var position: Int
    private let end: Int
    /// Nil if the file is stored without compression.
    private var inflater: Inflater?
    private var isOver = false
    private var unpackedCount = 0
    private var checksum: UInt = 0

    var size: Int { entry.size }

    init(_ bytes: [UInt8], from start: Int, _ entry: ZipArchive.Entry, name: String) {
        (self.bytes, self.entry, self.name) = (bytes, entry, name)
        (position, end) = (start, start + entry.packedSize)
        inflater = entry.method == 8 ? Inflater() : nil
    }

    /// Returns the next bytes; nil at the end. Refuses more bytes than the archive declares.
    mutating func next() throws(UnreadableWorkbook) -> [UInt8]? {
        guard !isOver else { return nil }
        let piece = inflater == nil ? readStored() : inflate()
        unpackedCount += piece.count
        checksum = crc32(checksum, piece, UInt32(piece.count))
        guard isOver ? unpackedCount == entry.size : unpackedCount <= entry.size,
            isOver ? checksum == entry.checksum : !piece.isEmpty
        else { throw .damaged("\(name) cannot be unpacked") }
        return piece
    }

    private mutating func readStored() -> [UInt8] {
        let piece = Array(bytes[position..<min(end, position + Self.pieceBytes)])
        position += piece.count
        isOver = position == end
        return piece
    }

    /// Returns no bytes if the packed bytes are invalid or incomplete.
    private mutating func inflate() -> [UInt8] {
        if !isKnownUniquelyReferenced(&inflater) { inflater = inflater?.copy() }
        guard let inflater else { return [] }
        let (piece, rest, isOver) = inflater.inflate(bytes[position..<end], most: Self.pieceBytes)
        (position, self.isOver) = (end - rest, isOver)
        return piece
    }
}

/// The state of zlib, for one owner.
private final class Inflater: @unchecked Sendable {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    init() {
        stream.initialize(to: z_stream())
        // A negative window size selects deflate without a header (RFC 1951). Without memory for
        // the state, all later calls fail.
        inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func copy() -> Inflater {
        let copy = Inflater()
        inflateEnd(copy.stream)
        inflateCopy(copy.stream, stream)
        return copy
    }

    /// Returns the number of packed bytes that are left, and whether the end was reached.
    func inflate(
        _ packed: ArraySlice<UInt8>, most: Int
    ) -> (piece: [UInt8], rest: Int, isOver: Bool) {
        var isOver = false
        let piece = [UInt8](unsafeUninitializedCapacity: most) { output, count in
            packed.withUnsafeBufferPointer { input in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                isOver = CZlib.inflate(stream, Z_NO_FLUSH) == Z_STREAM_END
                count = output.count - Int(stream.pointee.avail_out)
            }
        }
        return (piece, Int(stream.pointee.avail_in), isOver)
    }
}
