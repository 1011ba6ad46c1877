internal import Inventory

/// Reads CSV (RFC 4180) in pieces. Lines end with CR, LF or CRLF. Blanks around a quoted cell are
/// ignored. A quote inside an unquoted cell, and text after a closing quote, which RFC 4180 does not
/// define, are errors.
struct CSVParser {
    /// A row of the table. It has several lines if a cell has line breaks.
    struct Record {
        /// The line in which the record begins, from 1.
        let line: Int
        let cells: Result<[Cell], InvalidValue>
    }

    struct Cell {
        /// Nil if the bytes are not UTF-8.
        let text: String?
        let isQuoted: Bool
    }

    private enum State {
        case cell
        case quotedCell
        /// After a quote in a quoted cell, which ends the cell unless a second quote follows.
        case quote
        /// After a closing quote and another character.
        case end
        /// In the rest of a malformed record.
        case rest
    }

    private let separator: UInt8
    private var state = State.cell
    private(set) var line = 1
    private var firstLine = 1
    private var isAfterCR = false
    private var length = 0
    private var cells: [Cell] = []
    /// The bytes of the next cell.
    private var bytes: [UInt8] = []
    private var isQuoted = false
    /// What follows a closing quote.
    private var end: [UInt8] = []
    private var error: InvalidValue?

    /// Whether a quote is never closed, so that the end of its record is unknown.
    private var isLost = false

    init(_ separator: UInt8) {
        self.separator = separator
    }

    /// Calls `body` with each record that ends in `bytes`. Empty lines are ignored.
    mutating func read(_ bytes: some Sequence<UInt8>, _ body: (Record) throws -> Void) rethrows {
        for byte in bytes where !isLost {
            // The LF of CRLF ends no other line.
            let isSecond = isAfterCR && byte == UInt8(ascii: "\n")
            isAfterCR = byte == UInt8(ascii: "\r")
            if isSecond, state != .quotedCell { continue }
            if !isSecond, byte.isLineEnd { line += 1 }
            length += 1
            if length > longestRow { try refuseLongRecord(body) }
            guard !isLost else { return }
            if let record = read(byte) { try body(record) }
        }
    }

    /// Calls `body` with the last record if no line break ends it.
    mutating func finish(_ body: (Record) throws -> Void) rethrows {
        guard !isLost else { return }
        if state == .quotedCell { refuse("has a quote that is never closed") }
        if let record = endRecord() { try body(record) }
    }

    private mutating func read(_ byte: UInt8) -> Record? {
        switch (state, byte) {
        case (.quotedCell, UInt8(ascii: "\"")): state = .quote
        case (.quotedCell, _): bytes.append(byte)
        case (_, UInt8(ascii: "\n")), (_, UInt8(ascii: "\r")): return endRecord()
        case (.rest, _): break
        case (_, separator): endCell()
        case (.quote, UInt8(ascii: "\"")):
            bytes.append(byte)
            state = .quotedCell
        case (.quote, _), (.end, _):
            if byte != UInt8(ascii: " ") { end.append(byte) }
            state = .end
        case (.cell, UInt8(ascii: "\"")): beginQuotes()
        case (.cell, _): bytes.append(byte)
        }
        return nil
    }

    /// A quote may follow blanks and marks, such as a second byte order mark, or `=`, with which
    /// spreadsheets keep digits as text: `="0123"`.
    private mutating func beginQuotes() {
        // A cell that is not UTF-8 shows the file's encoding, which is the first error.
        guard let text = String(utf8: bytes) else { return bytes.append(UInt8(ascii: "\"")) }
        guard bytes.isEmpty || ["", "="].contains(text.trimmingMarks()) else {
            return refuse("has a quote inside a cell that does not begin with one")
        }
        bytes = []
        isQuoted = true
        state = .quotedCell
    }

    private mutating func refuse(_ reason: String) {
        error = InvalidValue(reason)
        (cells, bytes) = ([], [])
        state = .rest
    }

    /// Discards a record that is too long. In a quoted cell, its end is unknown.
    private mutating func refuseLongRecord(_ body: (Record) throws -> Void) rethrows {
        guard state != .rest else { return }
        isLost = state == .quotedCell
        let limit = "\(longestRow / 1024) KiB"
        refuse(
            isLost ? "has a quote that is not closed within \(limit)" : "is longer than \(limit)")
        if isLost, let record = endRecord() { try body(record) }
    }

    private mutating func endCell() {
        cells.append(Cell(text: String(utf8: bytes), isQuoted: isQuoted))
        bytes.removeAll(keepingCapacity: true)
        (isQuoted, state) = (false, .cell)
        checkEnd()
    }

    /// Only blanks and invisible marks may follow a closing quote.
    private mutating func checkEnd() {
        guard !end.isEmpty else { return }
        let text = String(validating: end, as: UTF8.self)
        end = []
        if text?.trimmingMarks().isEmpty != true { refuse("has text after a closing quote") }
    }

    private mutating func endRecord() -> Record? {
        let isEmpty = cells.isEmpty && bytes.isEmpty && !isQuoted
        if isEmpty, end.isEmpty, error == nil {
            (length, firstLine) = (0, line)
            return nil
        }
        endCell()
        defer {
            // The next record probably has as many cells.
            let count = cells.count
            cells = []
            cells.reserveCapacity(count)
            (isQuoted, state, error, length, firstLine) = (false, .cell, nil, 0, line)
        }
        if let error { return Record(line: firstLine, cells: .failure(error)) }
        return isEmpty ? nil : Record(line: firstLine, cells: .success(cells))
    }
}

extension String {
    fileprivate init?(utf8 bytes: [UInt8]) {
        // ASCII, as in nearly all cells, needs no validation, which takes longer.
        if bytes.allSatisfy({ $0 < 0x80 }) {
            self.init(decoding: bytes, as: UTF8.self)
        } else {
            self.init(validating: bytes, as: UTF8.self)
        }
    }
}

extension UInt8 {
    var isLineEnd: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
}
