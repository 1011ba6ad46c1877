internal import Inventory

/// Reads CSV: a table whose cells are separated by commas, semicolons or tabs.
struct CSVRowReader: TextRowReader {
    var text: FileText
    var table: Table?
    /// Nil until the separator is known.
    private var parser: CSVParser?
    private(set) var separator: CSVStyle.Separator?
    /// Whether the next record that is not empty only names the separator.
    private var isAtSeparator = false

    init(_ text: FileText, _ options: ImportOptions) {
        self.text = text
        table = Table(options)
    }

    mutating func next() throws(UnreadableFile) -> [FileRow]? {
        if parser == nil {
            let named = try SeparatorSearch.named(in: text)
            isAtSeparator = named != nil
            if let named, SeparatorSearch.isTable(text),
                let best = try? SeparatorSearch.best(in: text), best != named
            {
                throw UnreadableFile(
                    reason: """
                        separates its cells by \(best.name), and its line sep= says \(named.name): \
                        remove that line
                        """)
            }
            let separator =
                if let named { named } else { try SeparatorSearch.best(in: text) }
            (self.separator, parser) = (separator, CSVParser(separator.byte))
        }
        return try nextOfText()
    }

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [FileRow] {
        try rows { $0.read(bytes, $1) }
    }

    mutating func finish() throws(UnreadableFile) -> [FileRow] {
        let rows = try rows { $0.finish($1) }
        guard table?.isEmpty == false else { throw UnreadableFile(reason: "is empty") }
        return rows + [table?.finish()].compactMap(\.self)
    }

    private mutating func rows(
        _ parse: (inout CSVParser, (CSVParser.Record) -> Void) -> Void
    ) throws(UnreadableFile) -> [FileRow] {
        guard table?.isOver == false, var parser else { return [] }
        var records: [CSVParser.Record] = []
        parse(&parser) { records.append($0) }
        self.parser = parser
        var rows: [FileRow] = []
        for record in records {
            if let row = try row(of: record) { rows.append(row) }
        }
        return rows
    }

    private mutating func row(of record: CSVParser.Record) throws(UnreadableFile) -> FileRow? {
        switch record.cells {
        case .success(let cells):
            let cells = try cells.map { cell throws(UnreadableFile) in
                guard let text = cell.text else { throw self.text.undecodable(line: record.line) }
                return TableCell(text: text, form: cell.isQuoted ? .quotedText : .text)
            }
            if isAtSeparator, cells.contains(where: { !$0.isEmpty }) {
                isAtSeparator = false
                return nil
            }
            return table?.row(cells, line: record.line, separator: separator)
        case .failure(let error): return table?.malformedRow(line: record.line, error)
        }
    }
}
