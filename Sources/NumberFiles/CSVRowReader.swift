internal import Inventory

/// Reads a table (RFC 4180).
struct CSVRowReader: TextRowReader {
    var text: FileText
    var table: Table?
    private var parser = CSVParser()

    var separator: CSVStyle.Separator? { parser.separator }

    init(_ text: FileText, _ options: ImportOptions) {
        self.text = text
        table = Table(options)
    }

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [FileRow] {
        try rows { $0.read(bytes, $1) }
    }

    mutating func finish() throws(UnreadableFile) -> [FileRow] {
        let rows = try rows { $0.finish($1) }
        return rows + [table?.finish(line: parser.line)].compactMap(\.self)
    }

    private mutating func rows(
        _ parse: (inout CSVParser, (CSVParser.Record) -> Void) -> Void
    ) throws(UnreadableFile) -> [FileRow] {
        guard table?.isOver == false else { return [] }
        var records: [CSVParser.Record] = []
        parse(&parser) { records.append($0) }
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
                guard let text = String(validating: cell.bytes, as: UTF8.self) else {
                    throw .notUTF8(line: record.line)
                }
                return TableCell(text: text, form: cell.isQuoted ? .quotedText : .text)
            }
            return table?.row(cells, line: record.line, separator: parser.separator)
        case .failure(let error): return table?.malformedRow(line: record.line, error)
        }
    }
}
