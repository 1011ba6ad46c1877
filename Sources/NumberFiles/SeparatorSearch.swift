internal import Inventory

/// Finds the separator of a table.
enum SeparatorSearch {
    /// The separator that the line `sep=;` names, which spreadsheets read; nil without this line.
    static func named(in text: FileText) throws(UnreadableFile) -> CSVStyle.Separator? {
        var text = text
        var head: [UInt8] = []
        while head.count < 64, let piece = text.next() { head += piece.prefix(64) }
        let line = head.prefix { !$0.isLineEnd }.filter { $0 != UInt8(ascii: "\"") }
        let marks = Array("sep=".utf8)
        guard line.count > marks.count, zip(line, marks).allSatisfy({ $0 | 0x20 == $1 | 0x20 }),
            // A spreadsheet adds separators to the end of the line.
            line.dropFirst(marks.count).allSatisfy({ $0 == line[marks.count] })
        else { return nil }
        let separator = CSVStyle.Separator.allCases.first { $0.byte == line[marks.count] }
        guard let separator else {
            let name = String(decoding: line.dropFirst(marks.count), as: UTF8.self).shortened
            throw UnreadableFile(
                reason: "separates its cells by \(name): use a comma, a semicolon or a tab")
        }
        return separator
    }

    /// The separator that splits the header into most names of members.
    static func best(in text: FileText) -> CSVStyle.Separator {
        let ranked = CSVStyle.Separator.allCases.map { separator in
            (separator: separator, rank: rank(of: header(in: text, separator)))
        }
        return ranked.reduce(ranked[0]) { $1.rank > $0.rank ? $1 : $0 }.separator
    }

    /// How many names of members, and how many other names the header has.
    private static func rank(of header: [String]) -> (Int, Int) {
        (header.count { TableHeader.Column($0.foldedName).memberName != nil }, header.count)
    }

    /// The first row that is not empty; it is empty if it is malformed.
    private static func header(in text: FileText, _ separator: CSVStyle.Separator) -> [String] {
        var text = text
        var parser = CSVParser(separator)
        var header: [String]?
        let read = { (record: CSVParser.Record) in
            guard header == nil else { return }
            guard case .success(let cells) = record.cells else {
                header = []
                return
            }
            let names = cells.map { ($0.text ?? "").trimmingMarks() }
            if names.contains(where: { !$0.isEmpty }) { header = names }
        }
        while header == nil, let piece = text.next() { parser.read(piece, read) }
        parser.finish(read)
        return header ?? []
    }
}
