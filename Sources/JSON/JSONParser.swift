/// Reads one JSON text, strictly by RFC 8259: no comments, no trailing commas.
package struct JSONParser {
    /// Bounds the recursion, to protect the stack. The API needs a few levels.
    static let deepestNesting = 64

    /// Valid UTF-8.
    private let text: [UInt8]
    private var position = 0

    package static func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(text: Array(text.utf8))
        // RFC 8259 §8.1: a parser may ignore a byte order mark.
        if text.utf8.starts(with: "\u{FEFF}".utf8) { parser.position = 3 }
        parser.skipBlanks()
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.next == nil else { throw parser.error("more text after the value") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth <= Self.deepestNesting else {
            throw error("nested deeper than \(Self.deepestNesting) levels")
        }
        switch next {
        case "{": return try object(depth: depth)
        case "[": return try array(depth: depth)
        case "\"": return .string(try string())
        case _ where next == "-" || nextIsDigit: return .number(try number())
        case "t": return try literal("true", .boolean(true))
        case "f": return try literal("false", .boolean(false))
        case "n": return try literal("null", .null)
        case "'": throw error("strings are written in double quotes")
        case "/": throw error("comments are not part of JSON")
        default: throw unexpected()
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = []
        try list(until: "}") { parser throws(JSONSyntaxError) in
            guard parser.next == "\"" else {
                throw parser.unexpected("expected a name in double quotes")
            }
            let name = try parser.string()
            parser.skipBlanks()
            guard parser.take(":") else { throw parser.unexpected("expected a colon") }
            parser.skipBlanks()
            members.append((name, try parser.value(depth: depth + 1)))
        }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        var elements: [JSONValue] = []
        try list(until: "]") { parser throws(JSONSyntaxError) in
            elements.append(try parser.value(depth: depth + 1))
        }
        return .array(elements)
    }

    /// Reads elements separated by commas, between the next character and `end`.
    private mutating func list(
        until end: Unicode.Scalar, _ read: (inout JSONParser) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        position += 1
        skipBlanks()
        if take(end) { return }
        while true {
            try read(&self)
            skipBlanks()
            if take(end) { return }
            guard take(",") else {
                throw unexpected("unexpected \(shown) instead of a comma or \(end)")
            }
            skipBlanks()
            if next == end { throw error("a comma must not precede \(end)") }
        }
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while let byte = next, byte >= 0x20, !(byte == "\"" || byte == "\\") { position += 1 }
        // Most strings have no escapes, and end here.
        var content = text[start..<position]
        while let byte = next {
            switch byte {
            case "\"":
                position += 1
                return String(decoding: content, as: UTF8.self)
            case "\\":
                content += String(try escape()).utf8
            case 0..<0x20:
                throw error("a control character in a string must be escaped")
            default:
                content.append(byte)
                position += 1
            }
        }
        throw unexpected()
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let kind = next else { throw unexpected() }
        position += 1
        switch kind {
        case "\"", "\\", "/": return Unicode.Scalar(kind)
        case "b": return "\u{08}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try unicodeEscape(from: start)
        default:
            position = start + 1
            throw error("unknown escape \\\(shown)", at: start)
        }
    }

    private mutating func unicodeEscape(
        from start: Int
    ) throws(JSONSyntaxError) -> Unicode.Scalar {
        let unit = try hexadecimalUnit()
        if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
        // Characters beyond the basic plane are pairs of surrogates, the high one first (RFC 8259
        // §7).
        if UTF16.isLeadSurrogate(unit), take("\\"), take("u") {
            let low = try hexadecimalUnit()
            let offset = (UInt32(unit) - 0xD800) << 10 | UInt32(low) & 0x3FF
            if UTF16.isTrailSurrogate(low), let scalar = Unicode.Scalar(0x10000 + offset) {
                return scalar
            }
        }
        throw error("half of a surrogate pair", at: start)
    }

    private mutating func hexadecimalUnit() throws(JSONSyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, byte < 0x80,
                let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { throw unexpected("\\u needs four hexadecimal digits") }
            unit = unit << 4 | UInt16(digit)
            position += 1
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
        guard nextIsDigit else { throw unexpected("unexpected \(shown) instead of a digit") }
        while nextIsDigit { position += 1 }
    }

    private mutating func literal(
        _ word: String, _ value: JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        for character in word.unicodeScalars {
            guard take(character) else { throw unexpected() }
        }
        return value
    }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private var nextIsDigit: Bool { next.map { (0x30...0x39).contains($0) } ?? false }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == character else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while next?.isJSONBlank == true { position += 1 }
    }

    /// The error at the next character, or at the end of the text.
    private func unexpected(_ reason: String? = nil) -> JSONSyntaxError {
        error(next == nil ? "unexpected end" : reason ?? "unexpected \(shown)")
    }

    private func error(_ reason: String, at position: Int? = nil) -> JSONSyntaxError {
        let before = text[..<(position ?? self.position)]
        let lineStart = before.lastIndex { $0 == "\n" }.map { $0 + 1 } ?? 0
        return JSONSyntaxError(
            reason: reason,
            line: before.count { $0 == "\n" } + 1,
            // Do not count the continuation bytes of UTF-8.
            column: before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1)
    }

    /// The next character for a message; if it is invisible, its number.
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

extension UInt8 {
    /// Whether JSON ignores the byte between values (RFC 8259 §2).
    @inlinable package var isJSONBlank: Bool {
        self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09
    }
}

// Compare bytes with the characters of the grammar.

private func == (byte: UInt8?, character: Unicode.Scalar) -> Bool {
    byte == UInt8(ascii: character)
}

private func ~= (character: Unicode.Scalar, byte: UInt8?) -> Bool {
    byte == UInt8(ascii: character)
}

package struct JSONSyntaxError: Error, Equatable {
    /// Such as "unexpected end".
    package let reason: String
    /// Counted from 1.
    package let line: Int
    /// In characters, counted from 1.
    package let column: Int
}
