internal import Inventory
internal import JSON

/// Reads a table whose first line names the members, in any order.
///
/// The separator, a comma or a semicolon, is found in that line, and the decimal separator in the
/// prices.
struct CSVRowReader: RowReader {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Whether each row must have all members of a number.
    private let isWhole: Bool
    /// What comes before the parser is made: as much as may hold the header.
    private var beginning: [UInt8] = []
    /// How many bytes of it have been looked through for the end of a line.
    private var searchedCount = 0
    private var line = 1
    private var isMarkSkipped = false
    private var parser: CSVParser?
    private var header: CSVHeader?
    private var separator = CSVStyle.Separator.comma
    private var decimalSearch: DecimalSearch
    /// Whether the header was refused, so that the rows mean nothing.
    private var isOver = false

    var decimal: CSVStyle.DecimalSign? { decimalSearch.decimal }

    /// - Parameter decimal: The decimal separator, if the client gave it.
    init(isWhole: Bool, decimal: CSVStyle.DecimalSign?) {
        self.isWhole = isWhole
        decimalSearch = DecimalSearch(decimal)
    }

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [WrittenRow] {
        guard !isOver else { return [] }
        guard parser == nil else { return try rows { $0.read(bytes, $1) } }
        beginning += bytes
        guard isHeaderWhole() else { return [] }
        return try begin()
    }

    mutating func finish() throws(UnreadableFile) -> [WrittenRow] {
        guard !isOver else { return [] }
        var first: [WrittenRow] = []
        if parser == nil {
            skipMark()
            first = try begin()
            guard !isOver else { return first }
        }
        let last = try rows { $0.finish($1) }
        guard header == nil, !isOver else { return first + last }
        return [WrittenRow(line: line, content: .malformed([CSVHeader.missing]))]
    }

    // MARK: The header

    /// Drops what is before the header, and looks whether all of that is there.
    private mutating func isHeaderWhole() -> Bool {
        guard beginning.count >= Self.byteOrderMark.count else { return false }
        skipMark()
        var start = 0
        while let end = beginning[searchedCount...].firstIndex(of: UInt8(ascii: "\n")) {
            guard beginning[start..<end].allSatisfy({ $0 == UInt8(ascii: "\r") }) else {
                beginning.removeFirst(start)
                return true
            }
            line += 1
            start = end + 1
            searchedCount = start
        }
        beginning.removeFirst(start)
        searchedCount = beginning.count
        return beginning.count > longestRow
    }

    private mutating func skipMark() {
        if !isMarkSkipped, beginning.starts(with: Self.byteOrderMark) { beginning.removeFirst(3) }
        isMarkSkipped = true
    }

    private mutating func begin() throws(UnreadableFile) -> [WrittenRow] {
        guard !beginning.starts(with: [0xFF, 0xFE]), !beginning.starts(with: [0xFE, 0xFF]) else {
            throw UnreadableFile(reason: "is UTF-16; save it as UTF-8")
        }
        separator = Self.separator(in: beginning)
        parser = CSVParser(separator: separator.byte, line: line)
        defer { beginning = [] }
        let bytes = beginning
        return try rows { $0.read(bytes, $1) }
    }

    /// The first separator in the first line that does not stand in quotes.
    private static func separator(in bytes: [UInt8]) -> CSVStyle.Separator {
        var isQuoted = false
        for byte in bytes.prefix(longestRow) {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted: return .comma
            case UInt8(ascii: ";") where !isQuoted: return .semicolon
            case UInt8(ascii: "\n"): return .comma
            default: break
            }
        }
        return .comma
    }

    // MARK: Rows

    mutating func findDecimal(in rest: ArraySlice<[UInt8]>) {
        guard decimalSearch.isNeeded, let header, var parser else { return }
        let read = { [separator] (search: inout DecimalSearch, record: CSVParser.Record) in
            guard case .good(let cells) = record.cells, cells.count == header.columnCount
            else { return }
            search.read(cells, in: header.priceColumns, separatedBy: separator)
        }
        for piece in rest where decimal == nil { parser.read(piece) { read(&decimalSearch, $0) } }
        parser.finish { read(&decimalSearch, $0) }
        decimalSearch.finish()
    }

    private mutating func rows(
        _ parse: (inout CSVParser, (CSVParser.Record) -> Void) -> Void
    ) throws(UnreadableFile) -> [WrittenRow] {
        guard var parser else { return [] }
        var records: [CSVParser.Record] = []
        parse(&parser) { records.append($0) }
        self.parser = parser
        var rows: [WrittenRow] = []
        rows.reserveCapacity(records.count)
        for record in records {
            if let row = try row(of: record) { rows.append(row) }
            if isOver { break }
        }
        return rows
    }

    /// Nil for the header, and for a row whose cells are all empty, as spreadsheets leave them
    /// behind.
    private mutating func row(of record: CSVParser.Record) throws(UnreadableFile) -> WrittenRow? {
        let cells: [CSVParser.Cell]
        switch record.cells {
        case .good(let good): cells = good
        case .malformed(let complaint):
            isOver = header == nil
            return WrittenRow(
                line: record.line, content: .malformed([FieldError(field: nil, detail: complaint)]))
        }
        let texts = try Self.texts(of: cells, line: record.line)
        guard let header else { return readHeader(texts, line: record.line) }
        guard texts.contains(where: { !$0.isEmpty }) else { return nil }
        guard texts.count == header.columnCount else {
            let detail = wrongCount(of: texts, header.columnCount)
            return WrittenRow(
                line: record.line, content: .malformed([FieldError(field: nil, detail: detail)]))
        }
        decimalSearch.read(cells, in: header.priceColumns, separatedBy: separator)
        return WrittenRow(line: record.line, content: .members(header.members(in: texts)))
    }

    private func wrongCount(of cells: [String], _ columnCount: Int) -> String {
        let count = cells.count == 1 ? "1 cell" : "\(cells.count) cells"
        let hint = "; quote a price that contains a comma, or separate cells by ;"
        return "has \(count), and the header \(columnCount)"
            + (cells.count > columnCount && separator == .comma ? hint : "")
    }

    private static func texts(
        of cells: [CSVParser.Cell], line: Int
    ) throws(UnreadableFile) -> [String] {
        var texts: [String] = []
        texts.reserveCapacity(cells.count)
        for cell in cells {
            guard let text = String(validating: cell.bytes, as: UTF8.self) else {
                throw .notUTF8(line: line)
            }
            texts.append(text)
        }
        return texts
    }

    private mutating func readHeader(_ cells: [String], line: Int) -> WrittenRow? {
        do throws(InventoryError) {
            header = try CSVHeader(cells, isWhole: isWhole)
            return nil
        } catch {
            isOver = true
            return WrittenRow(line: line, content: .malformed(error.fieldErrors))
        }
    }
}
