internal import CZlib

/// Writes a zip archive in pieces. The sizes of a file follow its bytes, so none is kept in memory.
/// All times are 1980-01-01, so equal contents give equal bytes. One thread at a time uses it.
package final class ZipWriter: @unchecked Sendable {
    private static let pieceBytes = 64 * 1024
    // Version 2.0; sizes follow the bytes; deflate; the earliest time and date.
    private static let traits: [UInt8] = [20, 0, 8, 0, 8, 0, 0, 0, 0x21, 0]

    private let stream: UnsafeMutablePointer<z_stream>
    private var bytes: [UInt8] = []
    /// The number of bytes before ``bytes``.
    private var takenCount = 0
    private var directory: [UInt8] = []
    private var count = 0
    private var name = ""
    private var start = 0
    private var size = 0
    private var checksum: UInt = 0

    package init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = deflateInit2_(
            stream, Z_BEST_SPEED, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib has no memory")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    package func begin(_ name: String) {
        (self.name, start, size, checksum) = (name, takenCount + bytes.count, 0, 0)
        deflateReset(stream)
        append(0x0403_4B50, 4)
        bytes += Self.traits
        appendSizes(0)
        append(name.utf8.count, 2)
        append(0, 2)
        bytes += name.utf8
    }

    package func write(_ content: [UInt8]) {
        size += content.count
        checksum = crc32(checksum, content, UInt32(content.count))
        deflate(content, Z_NO_FLUSH)
    }

    package func end() {
        deflate([], Z_FINISH)
        let packedSize = Int(stream.pointee.total_out)
        append(0x0807_4B50, 4)
        appendSizes(packedSize)
        swap(&bytes, &directory)
        append(0x0201_4B50, 4)
        append(20, 2)
        bytes += Self.traits
        appendSizes(packedSize)
        append(name.utf8.count, 2)
        // No extra field, comment, disk number, attributes.
        bytes += [UInt8](repeating: 0, count: 12)
        append(start, 4)
        bytes += name.utf8
        swap(&bytes, &directory)
        count += 1
    }

    /// Ends the archive.
    package func finish() {
        let start = takenCount + bytes.count
        bytes += directory
        append(0x0605_4B50, 4)
        append(0, 4)
        append(count, 2)
        append(count, 2)
        append(directory.count, 4)
        append(start, 4)
        append(0, 2)
    }

    /// Returns the bytes that were written since the last call.
    package func take() -> [UInt8] {
        defer { bytes = [] }
        takenCount += bytes.count
        return bytes
    }

    private func appendSizes(_ packedSize: Int) {
        append(Int(checksum), 4)
        append(packedSize, 4)
        append(size, 4)
    }

    private func append(_ number: Int, _ size: Int) {
        for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }

    private func deflate(_ content: [UInt8], _ flush: Int32) {
        content.withUnsafeBufferPointer { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                bytes += [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { output, count in
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(output.count)
                    _ = CZlib.deflate(stream, flush)
                    count = output.count - Int(stream.pointee.avail_out)
                }
            } while stream.pointee.avail_out == 0
        }
    }
}
