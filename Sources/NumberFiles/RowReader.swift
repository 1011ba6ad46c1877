internal import Inventory

/// Reads the rows of a file, which it owns and frees as it reads. A copy of a reader continues on its
/// own from the same row.
protocol RowReader: Sendable {
    /// The next rows, a few thousand at most; nil after the last.
    mutating func next() throws(UnreadableFile) -> [FileRow]?

    /// How many bytes of the file were read.
    var readCount: Int { get }

    var encoding: TextEncoding? { get }

    /// What separates the cells of CSV.
    var separator: CSVStyle.Separator? { get }

    /// What the rows share in a table; nil in JSON.
    var table: Table? { get set }

    /// Messages about the rows, for a report.
    var notes: [String] { get }
}

extension RowReader {
    var encoding: TextEncoding? { nil }
    var separator: CSVStyle.Separator? { nil }
    var notes: [String] { [] }

    var table: Table? {
        get { nil }
        set {}
    }

    /// The next rows, after looking ahead for the decimal separator if one of their prices needs it.
    mutating func nextWithDecimal() throws(UnreadableFile) -> [FileRow]? {
        let rows = try next()
        guard table?.needsDecimal == true else { return rows }
        var ahead = self
        while ahead.table?.needsDecimal == true, (try? ahead.next()) != nil {}
        ahead.table?.endDecimalSearch()
        if let found = ahead.table { table?.takeDecimal(of: found) }
        return rows
    }

    /// What a report says about the file so far.
    var form: FileForm {
        FileForm(
            encoding: encoding, separator: separator, decimal: table?.decimal,
            ignored: table?.header?.names(of: .ignored) ?? [],
            unknown: table?.header?.names(of: .unknown) ?? [],
            notes: (table?.header?.notes ?? []) + notes)
    }
}

/// A reader that needs only the next bytes of a text.
protocol TextRowReader: RowReader {
    var text: FileText { get set }

    /// The rows that end in `bytes`.
    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [FileRow]

    /// The rows that end with the file.
    mutating func finish() throws(UnreadableFile) -> [FileRow]
}

extension TextRowReader {
    var readCount: Int { text.readCount }
    var encoding: TextEncoding? { text.encoding }

    mutating func next() throws(UnreadableFile) -> [FileRow]? { try nextOfText() }

    mutating func nextOfText() throws(UnreadableFile) -> [FileRow]? {
        if let piece = text.next() { return try read(piece) }
        return text.end() ? try finish() : nil
    }
}

/// How many bytes a row may have: as many as a body with one number.
let longestRow = 64 * 1024
