internal import Inventory
internal import JSON

/// Reads the objects in one JSON array, each as soon as it is there.
///
/// This type finds where an element ends, by counting brackets outside of strings; what is between
/// is read by the parser of all JSON.
struct JSONArrayRowReader: RowReader {
    private enum State: Equatable {
        case beforeArray
        case beforeElement(isFirst: Bool)
        case element(depth: Int)
        case string(depth: Int, isEscaped: Bool)
        case afterArray
    }

    private static let byteOrderMark = Array("\u{FEFF}".utf8)

    private var markPosition = 0
    private var state = State.beforeArray
    private var place = Place()
    private var element: [UInt8] = []
    private var elementPlace = Place()
    /// Whether the element is too long, and its bytes are not kept.
    private var isTooLong = false

    /// A place in the text, both from 1; columns count characters.
    private struct Place {
        var line = 1
        var column = 1

        mutating func pass(_ byte: UInt8) {
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [WrittenRow] {
        var rows: [WrittenRow] = []
        for byte in bytes {
            if try isByteOrderMark(byte) { continue }
            if let row = try read(byte) { rows.append(row) }
            place.pass(byte)
        }
        return rows
    }

    mutating func finish() throws(UnreadableFile) -> [WrittenRow] {
        guard state != .afterArray else { return [] }
        // What is wrong inside of the last element says more.
        if !element.isEmpty { _ = try endElement() }
        throw notJSON("unexpected end", at: place)
    }

    /// Whether this is the next byte of a mark at the very beginning, which a parser may ignore
    /// (RFC 8259 §8.1).
    private mutating func isByteOrderMark(_ byte: UInt8) throws(UnreadableFile) -> Bool {
        guard markPosition < Self.byteOrderMark.count else { return false }
        guard byte == Self.byteOrderMark[markPosition] else {
            guard markPosition == 0 else { throw .notUTF8(line: 1) }
            markPosition = Self.byteOrderMark.count
            return false
        }
        markPosition += 1
        return true
    }

    /// The row that ends before this byte.
    private mutating func read(_ byte: UInt8) throws(UnreadableFile) -> WrittenRow? {
        switch state {
        case .beforeArray:
            if byte.isJSONBlank { return nil }
            guard byte == UInt8(ascii: "[") else {
                throw UnreadableFile(reason: "is not a JSON array: it must begin with [")
            }
            state = .beforeElement(isFirst: true)
        case .beforeElement(let isFirst):
            if byte.isJSONBlank { return nil }
            if byte == UInt8(ascii: "]") {
                guard isFirst else {
                    throw notJSON("a comma must not stand before ]", at: place)
                }
                state = .afterArray
            } else {
                elementPlace = place
                state = .element(depth: 0)
                return try readElement(byte, depth: 0)
            }
        case .element(let depth): return try readElement(byte, depth: depth)
        case .string(let depth, let isEscaped):
            keep(byte)
            if byte == UInt8(ascii: "\""), !isEscaped {
                state = .element(depth: depth)
            } else {
                state = .string(
                    depth: depth, isEscaped: byte == UInt8(ascii: "\\") && !isEscaped)
            }
        case .afterArray:
            guard byte.isJSONBlank else { throw notJSON("more text after the value", at: place) }
        }
        return nil
    }

    private mutating func readElement(
        _ byte: UInt8, depth: Int
    ) throws(UnreadableFile) -> WrittenRow? {
        switch byte {
        case UInt8(ascii: ",") where depth == 0:
            state = .beforeElement(isFirst: false)
            return try endElement()
        case UInt8(ascii: "]") where depth == 0:
            state = .afterArray
            return try endElement()
        case UInt8(ascii: "\""): state = .string(depth: depth, isEscaped: false)
        case UInt8(ascii: "["), UInt8(ascii: "{"): state = .element(depth: depth + 1)
        case UInt8(ascii: "]"), UInt8(ascii: "}"): state = .element(depth: max(0, depth - 1))
        default: break
        }
        keep(byte)
        return nil
    }

    private mutating func keep(_ byte: UInt8) {
        isTooLong = isTooLong || element.count == longestRow
        if isTooLong { element = [] } else { element.append(byte) }
    }

    private mutating func endElement() throws(UnreadableFile) -> WrittenRow {
        defer {
            element = []
            isTooLong = false
        }
        guard !isTooLong else {
            let detail = "is longer than \(longestRow / 1024) KiB"
            return WrittenRow(
                line: elementPlace.line,
                content: .malformed([FieldError(field: nil, detail: detail)]))
        }
        guard let text = String(validating: element, as: UTF8.self) else {
            throw .notUTF8(line: elementPlace.line)
        }
        do throws(JSONSyntaxError) {
            return try WrittenRow(line: elementPlace.line, json: text)
        } catch {
            throw notJSON(
                error.reason,
                at: Place(
                    line: elementPlace.line + error.line - 1,
                    column: error.line == 1
                        ? elementPlace.column + error.column - 1 : error.column))
        }
    }

    private func notJSON(_ reason: String, at place: Place) -> UnreadableFile {
        UnreadableFile(
            reason: "is not valid JSON: \(reason) at line \(place.line), column \(place.column)")
    }
}
