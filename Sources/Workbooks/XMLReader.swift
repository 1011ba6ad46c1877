/// Reads an XML file of an archive (https://www.w3.org/TR/xml/), one event at a time. It accepts what
/// workbooks contain: UTF-8 without a document type, so no entity can expand. Names lose their
/// prefixes, because each writer chooses its own.
struct XMLReader: Sendable {
    enum Event {
        case start(XMLElement)
        /// Part of the text of the innermost open element.
        case text([UInt8])
        case end
    }

    private static let longestToken = 1024 * 1024
    private static let deepestNesting = 64

    private var file: ZipEntryReader
    private let name: String
    private var buffer: [UInt8] = []
    private var position = 0
    /// The names of the open elements, as they are written.
    private var open: [[UInt8]] = []
    private var isEmptyElement = false

    /// How many elements are open.
    var depth: Int { open.count }
    /// The number of bytes of the archive that were read.
    var end: Int { file.position }

    init(_ file: ZipEntryReader, name: String) {
        (self.file, self.name) = (file, name)
    }

    /// Returns nil at the end of the file.
    mutating func next() throws(UnreadableWorkbook) -> Event? {
        if isEmptyElement {
            isEmptyElement = false
            open.removeLast()
            return .end
        }
        while try isAvailable(1) {
            guard buffer[position] == UInt8(ascii: "<") else {
                let text = try take { $0 == UInt8(ascii: "<") }
                guard open.isEmpty else { return .text(try XMLElement.unescaped(text, name)) }
                continue
            }
            if let event = try readMarkup() { return event }
        }
        guard open.isEmpty else { throw damaged() }
        return nil
    }

    /// Skips the rest of the innermost open element.
    mutating func skipElement() throws(UnreadableWorkbook) {
        let depth = open.count
        while open.count >= depth { _ = try next() }
    }

    /// Returns nil for a comment or an instruction.
    private mutating func readMarkup() throws(UnreadableWorkbook) -> Event? {
        if try take("<?", through: "?>") != nil { return nil }
        if try take("<!--", through: "-->") != nil { return nil }
        if let text = try take("<![CDATA[", through: "]]>") {
            guard !open.isEmpty else { throw damaged() }
            return .text(Array(text))
        }
        guard try !isNext("<!") else { throw damaged() }
        let tag = try takeTag()
        guard tag.first == UInt8(ascii: "/") else { return .start(try begin(tag)) }
        let name = tag.dropFirst().prefix { !$0.isXMLBlank }
        guard open.popLast()?.elementsEqual(name) == true else { throw damaged() }
        return .end
    }

    private mutating func begin(_ tag: ArraySlice<UInt8>) throws(UnreadableWorkbook) -> XMLElement {
        isEmptyElement = tag.last == UInt8(ascii: "/")
        let tag = isEmptyElement ? tag.dropLast() : tag
        guard open.count < Self.deepestNesting else { throw damaged() }
        open.append(Array(tag.prefix { !$0.isXMLBlank }))
        return try XMLElement(tag, name)
    }

    private func damaged() -> UnreadableWorkbook { XMLElement.damaged(name) }
}

extension XMLReader {
    /// Takes a tag, and returns it without its brackets. Quoted values may contain brackets.
    private mutating func takeTag() throws(UnreadableWorkbook) -> ArraySlice<UInt8> {
        var quote: UInt8?
        let tag = try take { byte in
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            return quote == nil && byte == UInt8(ascii: ">")
        }
        guard try isAvailable(1) else { throw damaged() }
        position += 1
        return tag.dropFirst()
    }

    /// Takes what begins with `beginning`, up to `end` of at most four bytes, and returns the bytes
    /// between both; nil if the next bytes are others.
    private mutating func take(
        _ beginning: String, through end: String
    ) throws(UnreadableWorkbook) -> ArraySlice<UInt8>? {
        guard try isNext(beginning) else { return nil }
        position += beginning.utf8.count
        let wanted = end.utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let mask = UInt32.max >> UInt32(32 - 8 * end.utf8.count)
        var last: UInt32 = 0
        let content = try take { byte in
            last = last << 8 | UInt32(byte)
            return last & mask == wanted
        }
        guard try isAvailable(1) else { throw damaged() }
        position += 1
        return content.dropLast(end.utf8.count - 1)
    }

    /// Takes the bytes before the first one for which `isEnd` is true, or all.
    private mutating func take(
        until isEnd: (UInt8) -> Bool
    ) throws(UnreadableWorkbook) -> ArraySlice<UInt8> {
        var count = 0
        repeat {
            while position + count < buffer.count {
                if isEnd(buffer[position + count]) {
                    defer { position += count }
                    return buffer[position..<position + count]
                }
                count += 1
            }
            guard count <= Self.longestToken else { throw damaged() }
        } while try isAvailable(count + 1)
        defer { position += count }
        return buffer[position...]
    }

    private mutating func isNext(_ text: String) throws(UnreadableWorkbook) -> Bool {
        guard try isAvailable(text.utf8.count) else { return false }
        return buffer[position...].starts(with: text.utf8)
    }

    /// Whether the buffer has `count` more bytes, after reading them from the file if needed.
    private mutating func isAvailable(_ count: Int) throws(UnreadableWorkbook) -> Bool {
        while position + count > buffer.count {
            guard let piece = try file.next() else { return false }
            buffer.removeSubrange(..<position)
            position = 0
            buffer += piece
        }
        return true
    }
}

extension UInt8 {
    var isHexadecimal: Bool { Character(Unicode.Scalar(self)).isHexDigit }
    var isXMLBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
