internal import Inventory
internal import JSON

/// Reads a table whose first line names the members, in any order.
struct CSVRowReader: RowReader {
    private let isWhole: Bool
    private var parser = CSVParser()
    private var header: CSVHeader?
    private var decimalSearch: DecimalSearch
    /// Whether the header is invalid, so no row can be read.
    private var isOver = false

    var decimal: CSVStyle.DecimalSeparator? { decimalSearch.decimal }

    init(isWhole: Bool, decimal: CSVStyle.DecimalSeparator?) {
        self.isWhole = isWhole
        decimalSearch = DecimalSearch(decimal)
    }

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [FileRow] {
        try rows { $0.read(bytes, $1) }
    }

    mutating func finish() throws(UnreadableFile) -> [FileRow] {
        let rows = try rows { $0.finish($1) }
        guard header == nil, !isOver else { return rows }
        return [FileRow(line: parser.line, errors: [CSVHeader.missing])]
    }

    mutating func findDecimal(in rest: ArraySlice<[UInt8]>) {
        guard decimalSearch.isNeeded, let header else { return }
        var parser = parser
        let separator = parser.separator
        let read = { (search: inout DecimalSearch, record: CSVParser.Record) in
            guard case .success(let cells) = record.cells, cells.count == header.columnCount
            else { return }
            search.read(cells, in: header.priceColumns, separatedBy: separator)
        }
        for piece in rest where decimal == nil { parser.read(piece) { read(&decimalSearch, $0) } }
        parser.finish { read(&decimalSearch, $0) }
        decimalSearch.finish()
    }

    private mutating func rows(
        _ parse: (inout CSVParser, (CSVParser.Record) -> Void) -> Void
    ) throws(UnreadableFile) -> [FileRow] {
        guard !isOver else { return [] }
        var records: [CSVParser.Record] = []
        parse(&parser) { records.append($0) }
        var rows: [FileRow] = []
        for record in records where !isOver {
            if let row = try row(of: record) { rows.append(row) }
        }
        return rows
    }

    /// Returns nil for the header, and for rows of empty cells, which spreadsheets write.
    private mutating func row(of record: CSVParser.Record) throws(UnreadableFile) -> FileRow? {
        let cells: [CSVParser.Cell]
        switch record.cells {
        case .success(let good): cells = good
        case .failure(let error):
            isOver = header == nil
            return FileRow(line: record.line, error: error.reason)
        }
        let texts = try cells.map { cell throws(UnreadableFile) in
            guard let text = String(validating: cell.bytes, as: UTF8.self) else {
                throw .notUTF8(line: record.line)
            }
            return text
        }
        guard let header else { return readHeader(texts, line: record.line) }
        guard texts.contains(where: { !$0.isEmpty }) else { return nil }
        guard texts.count == header.columnCount else {
            return FileRow(line: record.line, error: wrongCount(texts.count, header.columnCount))
        }
        decimalSearch.read(cells, in: header.priceColumns, separatedBy: parser.separator)
        return FileRow(line: record.line, header.members(in: texts))
    }

    private func wrongCount(_ count: Int, _ columnCount: Int) -> String {
        let hint = "; quote a price that contains a comma, or separate cells by ;"
        return "has \(count == 1 ? "1 cell" : "\(count) cells"), and the header \(columnCount)"
            + (count > columnCount && parser.separator == .comma ? hint : "")
    }

    private mutating func readHeader(_ cells: [String], line: Int) -> FileRow? {
        do throws(InventoryError) {
            header = try CSVHeader(cells, isWhole: isWhole)
            return nil
        } catch {
            isOver = true
            return FileRow(line: line, errors: error.fieldErrors)
        }
    }
}
