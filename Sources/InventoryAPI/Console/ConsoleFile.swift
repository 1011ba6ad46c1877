internal import CZlib
internal import HTTPTypes
internal import Hummingbird
internal import Resources

/// The files that are part of the program: `Sources/Resources/Resources.c` lists them.
enum EmbeddedFiles {
    static let contents = Dictionary(
        uniqueKeysWithValues: UnsafeBufferPointer(start: resources(), count: resourceCount()).map {
            file in
            let content = UnsafeBufferPointer(start: file.content, count: file.size)
            return (String(cString: file.name), [UInt8](content))
        })
}

struct ConstantBody {
    let content: ByteBuffer
    let tag: EntityTag

    init(_ content: [UInt8]) {
        self.content = ByteBuffer(bytes: content)
        tag = EntityTag(ofContent: content)
    }
}

extension Request {
    func response(_ body: ConstantBody, _ headers: HTTPFields) throws -> Response {
        var headers = headers
        headers[.eTag] = body.tag.description
        return try notModifiedIfMatching(
            Response(status: .ok, headers: headers, body: .init(byteBuffer: body.content)))
    }
}

struct ConsoleFile {
    let type: String
    let plain: ConstantBody
    /// The content as gzip; nil if it would not be smaller.
    let compressed: ConstantBody?

    private init?(_ name: String, _ content: [UInt8]) {
        guard let type = Self.type(of: name) else { return nil }
        self.type = type
        var content = content.stripped
        if name.hasSuffix(".js") { content = content.compacted }
        if name.hasSuffix(".css") { content = content.compactedStyle }
        plain = ConstantBody(content)
        let compressed = [UInt8](unsafeUninitializedCapacity: content.count) { buffer, count in
            count = gzip(content, content.count, buffer.baseAddress, content.count)
        }
        self.compressed = compressed.isEmpty ? nil : ConstantBody(compressed)
    }

    /// The files by their names in the folder `Sources/Resources/console`.
    static let all = EmbeddedFiles.contents.reduce(into: [String: ConsoleFile]()) { files, file in
        files[file.key] = ConsoleFile(file.key, file.value)
    }

    /// Nil if the file does not belong to the console.
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
