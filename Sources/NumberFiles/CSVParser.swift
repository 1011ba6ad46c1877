internal import Inventory

/// Reads CSV (RFC 4180) in pieces. Lines end with LF or CRLF. The first separator outside of quotes
/// is that of the table. Two cases that RFC 4180 does not define are errors: a quote inside an
/// unquoted cell, and text after a closing quote.
struct CSVParser {
    /// A row of the table. It has several lines if a cell has line breaks.
    struct Record {
        /// The line in which the record begins, from 1.
        let line: Int
        let cells: Result<[Cell], InvalidValue>
    }

    struct Cell {
        var bytes: [UInt8] = []
        var isQuoted = false
    }

    private enum State {
        case beginningOfCell
        case cell
        case quotedCell
        /// After a quote in a quoted cell, which ends the cell unless a second quote follows.
        case quote
        /// After a closing quote and CR. LF must follow.
        case endOfLine
        /// In the rest of a malformed record.
        case rest
    }

    private var state = State.beginningOfCell
    private(set) var line = 1
    private var firstLine = 1
    private var length = 0
    private var cell = Cell()
    private var cells: [Cell] = []
    private var error: InvalidValue?

    private(set) var separator: CSVStyle.Separator? {
        didSet { separatorByte = separator?.byte ?? UInt8(ascii: "\n") }
    }
    private var separatorByte = UInt8(ascii: "\n")

    /// Whether a quote is never closed, so that the end of its record is unknown.
    private var isLost = false

    /// Calls `body` with each record that ends in `bytes`. Empty lines are ignored.
    mutating func read(_ bytes: some Sequence<UInt8>, _ body: (Record) throws -> Void) rethrows {
        for byte in bytes where !isLost {
            if byte == UInt8(ascii: "\n") { line += 1 }
            length += 1
            if length > longestRow { try refuseLongRecord(body) }
            guard !isLost else { return }
            if let record = read(byte) { try body(record) }
        }
    }

    /// Calls `body` with the last record if no line break ends it.
    mutating func finish(_ body: (Record) throws -> Void) rethrows {
        guard !isLost else { return }
        if state == .quotedCell { error = InvalidValue("has a quote that is never closed") }
        if let record = endRecord() { try body(record) }
    }

    private mutating func read(_ byte: UInt8) -> Record? {
        if separator == nil, state != .quotedCell, let found = CSVStyle.Separator(byte) {
            separator = found
        }
        switch (state, byte) {
        case (.quotedCell, UInt8(ascii: "\"")): state = .quote
        case (.quotedCell, _): cell.bytes.append(byte)
        case (_, UInt8(ascii: "\n")): return endRecord()
        case (.rest, _): break
        case (.endOfLine, _): refuse("has text after a closing quote")
        case (_, separatorByte): endCell()
        case (.beginningOfCell, UInt8(ascii: "\"")):
            cell.isQuoted = true
            state = .quotedCell
        case (.quote, UInt8(ascii: "\"")):
            cell.bytes.append(byte)
            state = .quotedCell
        case (.quote, UInt8(ascii: "\r")): state = .endOfLine
        case (.quote, _): refuse("has text after a closing quote")
        case (.cell, UInt8(ascii: "\"")):
            refuse("has a quote inside a cell that does not begin with one")
        default:
            cell.bytes.append(byte)
            state = .cell
        }
        return nil
    }

    private mutating func refuse(_ reason: String) {
        error = InvalidValue(reason)
        (cell, cells) = (Cell(), [])
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
        cells.append(cell)
        cell = Cell()
        state = .beginningOfCell
    }

    private mutating func endRecord() -> Record? {
        defer {
            (cell, cells, error) = (Cell(), [], nil)
            (state, length, firstLine) = (.beginningOfCell, 0, line)
        }
        if let error { return Record(line: firstLine, cells: .failure(error)) }
        if state == .cell, cell.bytes.last == UInt8(ascii: "\r") { cell.bytes.removeLast() }
        if !cell.isQuoted, cell.bytes.isEmpty, cells.isEmpty { return nil }
        if separator == nil { separator = .comma }
        return Record(line: firstLine, cells: .success(cells + [cell]))
    }
}
