internal import CZlib
internal import Hummingbird

/// A file of the console, plain and compressed; all responses share both.
struct ConsoleFile {
    struct Form {
        let content: ByteBuffer
        /// The compressed form has another tag, since it has other bytes.
        let tag: EntityTag

        init(_ content: [UInt8]) {
            self.content = ByteBuffer(bytes: content)
            tag = EntityTag(ofContent: content)
        }
    }

    let type: String
    let plain: Form
    /// Nil if it would not be smaller.
    let compressed: Form?

    private init?(_ name: String, _ content: [UInt8]) {
        guard let type = Self.type(of: name) else { return nil }
        self.type = type
        plain = Form(content)
        compressed = gzip(content).flatMap { $0.count < content.count ? Form($0) : nil }
    }

    /// The files by their names in the folder `Sources/Resources/console`.
    static let all = EmbeddedFiles.contents.reduce(into: [String: ConsoleFile]()) { files, file in
        files[file.key] = ConsoleFile(file.key, file.value)
    }

    /// The media type of a file with this name; nil if it does not belong to the console.
    private static func type(of name: String) -> String? {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: nil
        }
    }
}

/// `content` in the gzip format (RFC 1952), compressed as much as zlib can, which takes milliseconds; nil if zlib
/// fails.
private func gzip(_ content: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    // 16 more than the window's size selects gzip instead of zlib's own format.
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
