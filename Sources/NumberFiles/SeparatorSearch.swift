internal import Inventory

/// Finds the separator of a table.
enum SeparatorSearch {
    /// The separators that other programs write. Only ``CSVStyle/Separator`` are read.
    private static let known = Array(",;\t|:^~".utf8)

    /// How many bytes are searched for a header.
    private static let mostSearched = 4 * 1024 * 1024

    /// The separator that the line `sep=;` names, which spreadsheets read; nil without this line.
    static func named(in text: FileText) throws(UnreadableFile) -> CSVStyle.Separator? {
        var text = text
        var head: [UInt8] = []
        while head.count < 64, let piece = text.next() {
            head += (head.isEmpty ? piece.drop { $0 <= UInt8(ascii: " ") } : piece[...]).prefix(64)
        }
        let line = head.prefix { !$0.isLineEnd }.filter { $0 != UInt8(ascii: "\"") }
        let marks = Array("sep=".utf8)
        guard line.count > marks.count, zip(line, marks).allSatisfy({ $0 | 0x20 == $1 | 0x20 }),
            // A spreadsheet adds separators to the end of the line.
            line.dropFirst(marks.count).allSatisfy({ $0 == line[marks.count] })
        else { return nil }
        return try separator(line[marks.count], String(decoding: line.dropFirst(4), as: UTF8.self))
    }

    private static func separator(
        _ byte: UInt8, _ text: String
    ) throws(UnreadableFile) -> CSVStyle.Separator {
        if let separator = CSVStyle.Separator.allCases.first(where: { $0.byte == byte }) {
            return separator
        }
        throw UnreadableFile(
            reason:
                "separates its cells by \"\(text.shortened)\": use a comma, a semicolon or a tab")
    }

    /// The separator that splits the header into most names of members.
    static func best(in text: FileText) throws(UnreadableFile) -> CSVStyle.Separator {
        let ranked = known.map { byte in (byte, rank(of: header(in: text, byte))) }
        let readable = ranked.prefix(CSVStyle.Separator.allCases.count)
        let best = readable.reduce(readable[0]) { $1.1 > $0.1 ? $1 : $0 }
        let other = ranked.first { $0.1.0 > max(1, best.1.0) } ?? best
        return try separator(other.0, String(Unicode.Scalar(other.0)))
    }

    /// Whether the text has a header.
    static func isTable(_ text: FileText) -> Bool {
        known.contains { rank(of: header(in: text, $0)).0 > 1 }
    }

    /// How many names of members, and how many other names the header has.
    private static func rank(of header: [String]) -> (Int, Int) {
        (header.count(where: \.isMember), header.count)
    }

    /// The row with the names of several members, or the first one that is not empty.
    private static func header(in text: FileText, _ separator: UInt8) -> [String] {
        var (text, parser) = (text, CSVParser(separator))
        var (first, header, count): ([String]?, [String]?, Int) = (nil, nil, 0)
        let read = { (record: CSVParser.Record) in
            guard header == nil, count < Table.mostRowsAbove else { return }
            let cells = (try? record.cells.get()) ?? []
            let names = cells.map { ($0.text ?? "").trimmingMarks() }
            guard cells.isEmpty || names.contains(where: { !$0.isEmpty }) else { return }
            count += 1
            first = first ?? names
            if names.count(where: \.isMember) > 1 { header = names }
        }
        while header == nil, count < Table.mostRowsAbove, text.readCount < mostSearched,
            let piece = text.next()
        {
            parser.read(piece, read)
        }
        parser.finish(read)
        return header ?? first ?? []
    }
}

extension String {
    /// Whether a column of this name is read.
    var isMember: Bool { TableHeader.Column(foldedName).memberName != nil }
}
