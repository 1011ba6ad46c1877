/// Reads one JSON text (RFC 8259) and nothing more forgiving: no comments, no trailing commas.
package struct JSONParser {
    /// Deeper nesting is refused before it exhausts the stack.
    ///
    /// What the API takes has one level.
    static let deepestNesting = 64

    /// The text in UTF-8, which it is known to be.
    private let text: [UInt8]
    private var position = 0

    /// The value that `text` stands for.
    ///
    /// - Throws: ``JSONSyntaxError``.
    package static func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(Array(text.utf8))
        parser.skipBlanks()
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.next == nil else { throw parser.error("more text after the value") }
        return value
    }

    private init(_ text: [UInt8]) {
        self.text = text
        // RFC 8259 §8.1: a parser may ignore a byte order mark.
        if text.starts(with: "\u{FEFF}".utf8) { position = 3 }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth <= Self.deepestNesting else {
            throw error("nested deeper than \(Self.deepestNesting) levels")
        }
        switch next {
        case "{": return try object(depth: depth)
        case "[": return try array(depth: depth)
        case "\"": return .string(try string())
        case "-": return .number(try number())
        case _ where nextIsDigit: return .number(try number())
        case "t": return try literal("true", .boolean(true))
        case "f": return try literal("false", .boolean(false))
        case "n": return try literal("null", .null)
        case "'": throw error("strings are written in double quotes")
        case "/": throw error("comments are not part of JSON")
        default: throw unexpected()
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        advance()
        var members: [(name: String, value: JSONValue)] = []
        skipBlanks()
        if take("}") { return .object(members) }
        while true {
            guard next == "\"" else {
                throw next == nil ? unexpected() : error("expected a name in double quotes")
            }
            let name = try string()
            skipBlanks()
            guard take(":") else { throw next == nil ? unexpected() : error("expected a colon") }
            skipBlanks()
            members.append((name, try value(depth: depth + 1)))
            skipBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { throw unexpected(insteadOf: "a comma or }") }
            skipBlanks()
            if next == "}" { throw error("a comma must not stand before }") }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        advance()
        var elements: [JSONValue] = []
        skipBlanks()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
            if take("]") { return .array(elements) }
            guard take(",") else { throw unexpected(insteadOf: "a comma or ]") }
            skipBlanks()
            if next == "]" { throw error("a comma must not stand before ]") }
        }
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        advance()
        let start = position
        while let byte = next, byte != "\"", byte != "\\", byte >= 0x20 { advance() }
        // Most strings have no escape, so that their bytes are taken as they are.
        var content = text[start..<position]
        while let byte = next {
            switch byte {
            case "\"":
                advance()
                return String(decoding: content, as: UTF8.self)
            case "\\":
                content += String(try escape()).utf8
            case 0..<0x20:
                throw error("a control character in a string must be escaped")
            default:
                content.append(byte)
                advance()
            }
        }
        throw unexpected()
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let start = self
        advance()
        guard let kind = next else { throw unexpected() }
        switch kind {
        case "\"", "\\", "/": break
        case "b", "f", "n", "r", "t", "u": break
        default: throw start.error("unknown escape \\\(shown)")
        }
        advance()
        switch kind {
        case "b": return "\u{08}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": break
        default: return Unicode.Scalar(kind)
        }
        let unit = try hexadecimalUnit()
        if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
        // A character beyond the basic plane is a pair of surrogates, the high one first (RFC 8259 §7).
        guard UTF16.isLeadSurrogate(unit), take("\\"), take("u") else {
            throw start.error("half of a surrogate pair")
        }
        let low = try hexadecimalUnit()
        guard UTF16.isTrailSurrogate(low),
            let scalar = Unicode.Scalar(
                0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else { throw start.error("half of a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimalUnit() throws(JSONSyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw unexpected() }
            guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("\\u needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            advance()
        }
        return unit
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = position
        _ = take("-")
        if !take("0") {
            try digits()
        } else if nextIsDigit {
            throw error("a number must not start with 0")
        }
        if take(".") { try digits() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try digits()
        }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        guard nextIsDigit else { throw unexpected(insteadOf: "a digit") }
        while nextIsDigit { advance() }
    }

    private mutating func literal(_ word: String, _ value: JSONValue) throws(JSONSyntaxError)
        -> JSONValue
    {
        for character in word.unicodeScalars {
            guard take(character) else { throw unexpected() }
        }
        return value
    }

    private var next: UInt8? {
        position < text.count ? text[position] : nil
    }

    private var nextIsDigit: Bool {
        next.map { (0x30...0x39).contains($0) } ?? false
    }

    private mutating func advance() {
        position += 1
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == character else { return false }
        advance()
        return true
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == " " || byte == "\t" || byte == "\n" || byte == "\r" {
            advance()
        }
    }

    private func unexpected(insteadOf expectation: String? = nil) -> JSONSyntaxError {
        guard next != nil else { return error("unexpected end") }
        guard let expectation else { return error("unexpected \(shown)") }
        return error("unexpected \(shown) instead of \(expectation)")
    }

    private func error(_ reason: String) -> JSONSyntaxError {
        let before = text[..<position]
        let lineStart = before.lastIndex { $0 == "\n" }.map { $0 + 1 } ?? 0
        return JSONSyntaxError(
            reason: reason,
            line: before.count { $0 == "\n" } + 1,
            // The bytes that continue a character of UTF-8 are not counted.
            column: text[lineStart..<position].count { $0 & 0xC0 != 0x80 } + 1)
    }

    /// The next character as a sentence shows it: by its number where it cannot be seen.
    private var shown: String {
        let rest = String(decoding: text[position...].prefix(4), as: UTF8.self)
        guard let scalar = rest.unicodeScalars.first else { return "" }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned,
            .privateUse, .surrogate:
            return "U+" + String(scalar.value, radix: 16, uppercase: true)
        default:
            return String(scalar)
        }
    }
}

// These let the parser compare bytes with characters as the grammar writes them.

private func == (byte: UInt8?, character: Unicode.Scalar) -> Bool {
    byte == UInt8(ascii: character)
}

private func != (byte: UInt8?, character: Unicode.Scalar) -> Bool {
    byte != UInt8(ascii: character)
}

private func ~= (character: Unicode.Scalar, byte: UInt8?) -> Bool {
    byte == UInt8(ascii: character)
}
