/// Reads CSV as RFC 4180 has it, piece by piece as its bytes arrive.
///
/// Lines end in LF or CRLF. What RFC 4180 leaves open is refused rather than guessed at: a quote in
/// a cell that does not begin with one, and text behind a closing quote.
struct CSVParser {
    /// One line of the table, which takes several lines of the text where a cell has line breaks.
    struct Record: Equatable {
        /// The number of the line of the text that it begins in, from 1.
        let line: Int
        let cells: Cells
    }

    enum Cells: Equatable {
        case good([Cell])
        /// What is wrong with the record, as what follows its name in a sentence.
        case malformed(String)
    }

    struct Cell: Equatable {
        var bytes: [UInt8] = []
        var isQuoted = false
    }

    private enum State {
        case beginningOfCell
        case cell
        case quotedCell
        /// Behind a quote in a quoted cell: it is the end of the cell, or the first of a doubled
        /// quote.
        case quote
        /// Behind a CR that follows a closing quote: the LF of the line's end must come.
        case endOfLine
        /// In what is left of a record that is malformed.
        case rest
    }

    private let separator: UInt8
    private var state = State.beginningOfCell
    private var line: Int
    private var firstLine: Int
    private var length = 0
    private var cell = Cell()
    private var cells: [Cell] = []
    private var complaint: String?

    /// Whether a quote was opened and never closed, so that nothing behind it can be told apart.
    private(set) var isLost = false

    /// - Parameter line: The number of the line that the first bytes are from.
    init(separator: UInt8, line: Int = 1) {
        self.separator = separator
        self.line = line
        firstLine = line
    }

    /// Calls `take` with each record that ends in `bytes`; lines that are empty are none.
    mutating func read(_ bytes: some Sequence<UInt8>, _ take: (Record) throws -> Void) rethrows {
        for byte in bytes where !isLost {
            if byte == UInt8(ascii: "\n") { line += 1 }
            length += 1
            if length > longestRow { try refuseLongRecord(take) }
            guard !isLost else { return }
            if let record = read(byte) { try take(record) }
        }
    }

    /// Calls `take` with the last record where no line break ends it.
    mutating func finish(_ take: (Record) throws -> Void) rethrows {
        guard !isLost else { return }
        if state == .quotedCell { complaint = "has a quote that is never closed" }
        if let record = endRecord() { try take(record) }
    }

    private mutating func read(_ byte: UInt8) -> Record? {
        switch (state, byte) {
        case (.quotedCell, UInt8(ascii: "\"")): state = .quote
        case (.quotedCell, _): cell.bytes.append(byte)
        case (_, UInt8(ascii: "\n")): return endRecord()
        case (.rest, _): break
        case (.endOfLine, _): refuse("has text behind a closing quote")
        case (_, separator): endCell()
        case (.beginningOfCell, UInt8(ascii: "\"")):
            cell.isQuoted = true
            state = .quotedCell
        case (.quote, UInt8(ascii: "\"")):
            cell.bytes.append(byte)
            state = .quotedCell
        case (.quote, UInt8(ascii: "\r")): state = .endOfLine
        case (.quote, _): refuse("has text behind a closing quote")
        case (.cell, UInt8(ascii: "\"")):
            refuse("has a quote inside a cell that does not begin with one")
        default:
            cell.bytes.append(byte)
            state = .cell
        }
        return nil
    }

    private mutating func refuse(_ complaint: String) {
        self.complaint = complaint
        (cell, cells) = (Cell(), [])
        state = .rest
    }

    /// Keeps no more of a record that is too long; where it is in a quoted cell, nobody knows where
    /// that ends.
    private mutating func refuseLongRecord(_ take: (Record) throws -> Void) rethrows {
        guard state != .rest else { return }
        if state == .quotedCell {
            isLost = true
            let complaint = "has a quote that is not closed within \(longestRow / 1024) KiB"
            try take(Record(line: firstLine, cells: .malformed(complaint)))
        }
        refuse("is longer than \(longestRow / 1024) KiB")
    }

    private mutating func endCell() {
        cells.append(cell)
        cell = Cell()
        state = .beginningOfCell
    }

    private mutating func endRecord() -> Record? {
        defer {
            (cell, cells, complaint) = (Cell(), [], nil)
            (state, length, firstLine) = (.beginningOfCell, 0, line)
        }
        if let complaint { return Record(line: firstLine, cells: .malformed(complaint)) }
        if state == .cell, cell.bytes.last == UInt8(ascii: "\r") { cell.bytes.removeLast() }
        let isEmpty = !cell.isQuoted && cell.bytes.isEmpty && cells.isEmpty
        return isEmpty ? nil : Record(line: firstLine, cells: .good(cells + [cell]))
    }
}
