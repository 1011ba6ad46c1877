internal import Inventory
internal import Workbooks

/// Reads a sheet of a workbook (`.xlsx`). The line of a row is its number in the sheet.
struct WorkbookRowReader: RowReader {
    private static let mostRowsAtOnce = 1000
    private static let mostTextAtOnce = 128 * 1024
    /// Bounds the names in a message.
    private static let mostListedSheets = 5

    private var file: FilePieces
    private let sheetName: String?
    private let naming: OptionNaming
    private var otherSheets: [String] = []
    /// Nil before the first row, because opening a workbook takes time.
    private var sheet: SheetReader?
    private var hiddenCount = 0
    private var isOver = false
    var table: Table?

    var readCount: Int { isOver ? file.byteCount : sheet?.position ?? 0 }

    var notes: [String] {
        guard hiddenCount > 0 else { return [] }
        return [
            hiddenCount == 1 ? "A hidden row was read." : "\(hiddenCount) hidden rows were read."
        ]
    }

    init(_ file: FilePieces, _ options: ImportOptions) {
        self.file = file
        (sheetName, naming) = (options.sheet, options.naming)
        table = Table(options)
    }

    mutating func next() throws(UnreadableFile) -> [FileRow]? {
        do throws(UnreadableWorkbook) {
            return try nextRows()
        } catch {
            throw UnreadableFile(reason: error.reason.showingInvisibles())
        }
    }

    private mutating func nextRows() throws(UnreadableWorkbook) -> [FileRow]? {
        guard !isOver else { return nil }
        if sheet == nil {
            let workbook = try Workbook(file.takeAll(), sheet: sheetName)
            (sheet, otherSheets) = (try workbook.rows(), workbook.otherSheets)
        }
        var (rows, readCount, textBytes) = ([FileRow](), 0, 0)
        while readCount < Self.mostRowsAtOnce, textBytes < Self.mostTextAtOnce, !isOver {
            if let next = try sheet?.next() {
                readCount += 1
                let size = next.textBytes
                textBytes += size
                rows += [row(of: next, size: size)].compactMap(\.self)
                isOver = table?.isOver ?? true
            } else {
                isOver = true
                guard table?.isEmpty == false else {
                    throw UnreadableWorkbook(reason: "has no cells in the sheet" + sheetAdvice)
                }
                rows += [table?.finish()].compactMap(\.self)
            }
        }
        guard isOver, table?.header?.hasMembers == false else { return rows }
        return rows.map { $0.advising(sheetAdvice) }
    }

    /// How to read another sheet; empty if there is no other.
    private var sheetAdvice: String {
        guard !otherSheets.isEmpty else { return "" }
        let options = otherSheets.prefix(Self.mostListedSheets).map {
            naming.text("sheet", $0.shortened)
        }
        return ". For another sheet, give " + options.joined(separator: " or ")
    }

    private mutating func row(of row: SheetRow, size: Int) -> FileRow? {
        guard size <= longestRow else {
            return table?.malformedRow(
                line: row.number, InvalidValue("is longer than \(longestRow / 1024) KiB"))
        }
        guard !row.isTooWide else {
            let most = SheetReader.mostColumns
            return table?.malformedRow(
                line: row.number,
                InvalidValue("has a cell after column \(most), the last that is read"))
        }
        if row.isHidden, !row.cells.isEmpty { hiddenCount += 1 }
        guard var result = table?.row(row.cells.map(TableCell.init), line: row.number) else {
            return nil
        }
        if result.numbers.contains(.value) {
            result.note(
                NumberContent.Member.value.rawValue,
                """
                has lost its +: a spreadsheet turned this phone number into a number. Format the \
                column as text, then enter the phone numbers again
                """)
        }
        return result
    }
}

extension SheetRow {
    fileprivate var textBytes: Int {
        cells.reduce(0) { count, cell in
            if case .text(let text) = cell { count + text.utf8.count } else { count }
        }
    }
}

extension TableCell {
    fileprivate init(_ cell: Cell) {
        switch cell {
        case .empty: self.init(text: "")
        case .text(let text): self.init(text: text)
        case .number(let text): self.init(text: text, form: .number)
        case .other(let other, let text):
            self.init(text: text, form: .invalid(InvalidValue(other.reason(text))))
        }
    }
}

extension Cell.Other {
    fileprivate func reason(_ text: String) -> String {
        switch self {
        case .date: "is a date or a time: format the column as text, and enter the cell again"
        case .percentage: "is a percentage: format the cell as a number, and enter it again"
        case .boolean: "is \(text): enter a text or a number"
        case .error: "is the error \(text.shortened) of a formula: correct the formula"
        case .formula:
            "is a formula without a result: open the file in a spreadsheet, and save it again"
        }
    }
}
