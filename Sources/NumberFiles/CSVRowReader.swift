internal import Inventory

/// Reads CSV: a table whose cells are separated by commas, semicolons or tabs.
struct CSVRowReader: TextRowReader {
    var text: FileText
    var table: Table?
    /// Nil until the separator is known.
    private var parser: CSVParser?
    /// Whether the next record only names the separator.
    private var isAtSeparator = false

    var separator: CSVStyle.Separator? { parser?.separator }

    init(_ text: FileText, _ options: ImportOptions) {
        self.text = text
        table = Table(options)
    }

    mutating func next() throws(UnreadableFile) -> [FileRow]? {
        if parser == nil {
            let named = try SeparatorSearch.named(in: text)
            isAtSeparator = named != nil
            parser = CSVParser(named ?? SeparatorSearch.best(in: text))
        }
        return try nextOfText()
    }

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [FileRow] {
        try rows { $0.read(bytes, $1) }
    }

    mutating func finish() throws(UnreadableFile) -> [FileRow] {
        let rows = try rows { $0.finish($1) }
        return rows + [table?.finish(line: parser?.line ?? 1)].compactMap(\.self)
    }

    private mutating func rows(
        _ parse: (inout CSVParser, (CSVParser.Record) -> Void) -> Void
    ) throws(UnreadableFile) -> [FileRow] {
        guard table?.isOver == false, var parser else { return [] }
        var records: [CSVParser.Record] = []
        parse(&parser) { records.append($0) }
        self.parser = parser
        if isAtSeparator, !records.isEmpty {
            records.removeFirst()
            isAtSeparator = false
        }
        var rows: [FileRow] = []
        for record in records {
            if let row = try row(of: record, separatedBy: parser.separator) { rows.append(row) }
        }
        return rows
    }

    private mutating func row(
        of record: CSVParser.Record, separatedBy separator: CSVStyle.Separator
    ) throws(UnreadableFile) -> FileRow? {
        switch record.cells {
        case .success(let cells):
            let cells = try cells.map { cell throws(UnreadableFile) in
                guard let text = cell.text else { throw self.text.undecodable(line: record.line) }
                return TableCell(text: text, form: cell.isQuoted ? .quotedText : .text)
            }
            return table?.row(cells, line: record.line, separator: separator)
        case .failure(let error): return table?.malformedRow(line: record.line, error)
        }
    }
}
