internal import Inventory
internal import JSON

/// A table, whose first row names the members of a number in any order. CSV and workbooks share it.
struct Table: Sendable {
    private let options: ImportOptions
    private var decimalSearch: DecimalSearch
    private(set) var header: TableHeader?
    /// Whether the header is invalid, so no row can be read.
    private(set) var isOver = false

    var decimal: CSVStyle.DecimalSeparator? { decimalSearch.decimal }
    /// Whether a price so far is ambiguous unless a later one shows the decimal separator.
    var needsDecimal: Bool { decimalSearch.isNeeded }

    init(_ options: ImportOptions) {
        self.options = options
        decimalSearch = DecimalSearch(options.decimal)
    }

    /// Reads the next row. Returns nil for the header, for rows of empty cells, which spreadsheets
    /// write, and after an invalid header.
    ///
    /// - Parameter separator: What separates the cells in CSV.
    mutating func row(
        _ cells: [TableCell], line: Int, separator: CSVStyle.Separator? = nil
    ) -> FileRow? {
        guard !isOver else { return nil }
        guard cells.contains(where: { !$0.isEmpty }) else { return nil }
        guard let header else {
            let header = TableHeader(cells.map(\.text), options)
            self.header = header
            isOver = !header.errors.isEmpty
            return isOver ? FileRow(line: line, errors: header.errors) : nil
        }
        let row = header.row(cells, line: line, separator: separator)
        if row.errors.isEmpty {
            decimalSearch.read(cells, in: header.priceColumns, separatedBy: separator)
        }
        return row
    }

    /// The row of a malformed line. In the header's place, it ends the table.
    mutating func malformedRow(line: Int, _ error: InvalidValue) -> FileRow? {
        guard !isOver else { return nil }
        isOver = header == nil
        return FileRow(line: line, error: error.reason)
    }

    /// The error of a table that has ended without a header.
    mutating func finish(line: Int) -> FileRow? {
        guard header == nil, !isOver else { return nil }
        isOver = true
        return FileRow(line: line, errors: [TableHeader.missing])
    }

    mutating func endDecimalSearch() { decimalSearch.finish() }

    mutating func takeDecimal(of ahead: Table) { decimalSearch = ahead.decimalSearch }
}
