internal import CZlib

/// `content` in the format of gzip (RFC 1952), as small as zlib makes it; nil where zlib fails.
///
/// It takes some milliseconds for the largest file of the console, so it is for what is made once.
func gzip(_ content: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    // 16 more than the window's size asks for gzip instead of zlib's own format.
    let window = MAX_WBITS + 16
    guard
        deflateInit2_(
            &stream, Z_BEST_COMPRESSION, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(content.count)))
    var input = content
    var isWhole = false
    let output = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(bound)
            isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
            count = bound - Int(stream.avail_out)
        }
    }
    return isWhole ? output : nil
}
