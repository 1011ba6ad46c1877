internal import Inventory
internal import JSON

/// A table, whose first row names the members of a number in any order. CSV and workbooks share it.
struct Table: Sendable {
    /// In how many rows the header is searched, to name its line if it is not the first one.
    static let mostRowsAbove = 20

    private let options: ImportOptions
    private var decimalSearch: DecimalSearch
    private(set) var header: TableHeader?
    /// The errors of the first row, while a later one may be the header.
    private var refusal: FileRow?
    private var refusedCount = 0
    /// Whether the header is invalid, so no row can be read.
    private(set) var isOver = false

    var decimal: CSVStyle.DecimalSeparator? { decimalSearch.decimal }
    /// Whether a price so far is ambiguous unless a later one shows the decimal separator.
    var needsDecimal: Bool { decimalSearch.isNeeded }
    /// Whether the header is invalid, so that its errors are the only row.
    var isRefused: Bool { refusal != nil }
    var isEmpty: Bool { header == nil && refusal == nil }

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
        guard !isOver, cells.contains(where: { !$0.isEmpty }) else { return nil }
        guard let header, refusal == nil else {
            return readHeader(TableHeader(cells.map(\.text), options), line: line)
        }
        let row = header.row(cells, line: line, separator: separator)
        if row.errors.isEmpty {
            decimalSearch.read(cells, in: header.priceColumns, separatedBy: separator)
        }
        return row
    }

    private mutating func readHeader(_ found: TableHeader, line: Int) -> FileRow? {
        if let refusal {
            guard found.hasSeveralMembers else { return refuse(refusal) }
            (header, isOver) = (found, true)
            return FileRow(
                line: refusal.line,
                error: "precedes the header, which is in line \(line): remove the lines above it")
        }
        header = found
        guard !found.errors.isEmpty else { return nil }
        return refuse(FileRow(line: line, errors: found.errors), isHeader: found.hasSeveralMembers)
    }

    /// Returns the errors of the first row if no later row can be the header.
    private mutating func refuse(_ row: FileRow, isHeader: Bool = false) -> FileRow? {
        refusal = row
        refusedCount += 1
        isOver = isHeader || refusedCount == Self.mostRowsAbove
        return isOver ? row : nil
    }

    /// The row of a malformed line.
    mutating func malformedRow(line: Int, _ error: InvalidValue) -> FileRow? {
        guard !isOver else { return nil }
        let row = FileRow(line: line, error: error.reason)
        return header == nil || refusal != nil ? refuse(refusal ?? row) : row
    }

    /// The errors of a table that has ended without a header.
    mutating func finish() -> FileRow? {
        guard !isOver else { return nil }
        isOver = true
        return refusal
    }

    mutating func endDecimalSearch() { decimalSearch.finish() }

    mutating func takeDecimal(of ahead: Table) { decimalSearch = ahead.decimalSearch }
}
