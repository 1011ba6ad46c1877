internal import JSON

/// Reads the objects of one JSON array, each when its last byte has arrived. It finds the end of an
/// element by counting brackets outside of strings. The parser reads the element.
struct JSONArrayRowReader: TextRowReader {
    var text: FileText
    private enum State {
        case beforeArray, beforeElement, element, afterArray
    }

    /// A position in the text. Both numbers begin at 1; columns count characters.
    private struct Position {
        var line = 1
        var column = 1

        mutating func advance(over byte: UInt8) {
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }

    private var state = State.beforeArray
    private var position = Position()
    private var hasElements = false
    private var element = JSONRowBytes()
    private var start = Position()
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    init(_ text: FileText) {
        self.text = text
    }

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [FileRow] {
        var rows: [FileRow] = []
        for byte in bytes {
            if let row = try read(byte) { rows.append(row) }
            position.advance(over: byte)
        }
        return rows
    }

    mutating func finish() throws(UnreadableFile) -> [FileRow] {
        guard state != .afterArray else { return [] }
        if state == .beforeArray { throw UnreadableFile(reason: "is empty") }
        // Report an error inside the last element first, because it is more precise.
        if state == .element { _ = try endElement() }
        throw Self.notJSON("unexpected end", at: position)
    }

    /// Returns the row that ends before `byte`.
    private mutating func read(_ byte: UInt8) throws(UnreadableFile) -> FileRow? {
        if state == .element { return try readElement(byte) }
        guard !byte.isJSONBlank else { return nil }
        switch state {
        case .beforeArray:
            guard byte == UInt8(ascii: "[") else {
                throw UnreadableFile(reason: "is not a JSON array: it must begin with [")
            }
            state = .beforeElement
        case .afterArray: throw Self.notJSON("more text after the value", at: position)
        case .beforeElement where byte == UInt8(ascii: "]"):
            guard !hasElements else {
                throw Self.notJSON("a comma must not precede ]", at: position)
            }
            state = .afterArray
        case .beforeElement, .element:
            (state, start, hasElements) = (.element, position, true)
            return try readElement(byte)
        }
        return nil
    }

    private mutating func readElement(_ byte: UInt8) throws(UnreadableFile) -> FileRow? {
        if isInString {
            if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        } else {
            switch byte {
            case UInt8(ascii: ",") where depth == 0:
                state = .beforeElement
                return try endElement()
            case UInt8(ascii: "]") where depth == 0:
                state = .afterArray
                return try endElement()
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            default: break
            }
        }
        element.append(byte)
        return nil
    }

    private mutating func endElement() throws(UnreadableFile) -> FileRow? {
        try element.end(line: start.line, of: text) { [start] error throws(UnreadableFile) in
            let column = error.line == 1 ? start.column + error.column - 1 : error.column
            throw Self.notJSON(
                error.reason, at: Position(line: start.line + error.line - 1, column: column))
        }
    }

    private static func notJSON(_ reason: String, at position: Position) -> UnreadableFile {
        UnreadableFile(
            reason: """
                is not valid JSON: \(reason) at line \(position.line), column \(position.column)
                """)
    }
}
