/// What keeps a spreadsheet from taking a cell for a formula: an apostrophe before it.
///
/// Every phone number begins with a plus, which begins a formula, and what a formula may do is told
/// at https://owasp.org/www-community/attacks/CSV_Injection. Spreadsheets keep the apostrophe when
/// they save the table, and it is taken off again where the table is read.
enum FormulaGuard {
    static let mark = UInt8(ascii: "'")

    static func isNeeded(before byte: UInt8?) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"),
            UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            true
        default: false
        }
    }
}

extension String {
    /// The text of a cell without the apostrophe that stood guard.
    var withoutFormulaGuard: String {
        guard utf8.first == FormulaGuard.mark, FormulaGuard.isNeeded(before: utf8.dropFirst().first)
        else { return self }
        return String(dropFirst())
    }
}
