internal import Hummingbird

/// One file of the console, plain and compressed; both are made once, and all responses share them.
struct ConsoleFile {
    struct Form {
        let content: ByteBuffer
        let tag: EntityTag

        init(_ content: [UInt8]) {
            self.content = ByteBuffer(bytes: content)
            // What is compressed has other bytes, and so another tag.
            tag = EntityTag(ofContent: content)
        }
    }

    let type: String
    let plain: Form
    /// It is nil if it would not be smaller.
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

    /// The media type of a file with this name; nil if it is no file of the console.
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
