/// The separators of a table. Spreadsheets expect other ones in other countries.
package struct CSVStyle: Equatable, Sendable {
    package enum Separator: String, CaseIterable, Sendable {
        case comma = ","
        case semicolon = ";"

        var byte: UInt8 { self == .comma ? UInt8(ascii: ",") : UInt8(ascii: ";") }

        init?(_ byte: UInt8) {
            self.init(rawValue: String(Unicode.Scalar(byte)))
        }
    }

    package enum DecimalSeparator: String, CaseIterable, Sendable {
        case point = "."
        case comma = ","

        package var name: String { "decimal \(self)" }
    }

    package private(set) var separator = Separator.comma
    package private(set) var decimal = DecimalSeparator.point

    package static let standard = CSVStyle()

    /// Returns nil if both are a comma, which spreadsheets could not distinguish.
    package init?(separator: Separator, decimal: DecimalSeparator) {
        guard separator == .semicolon || decimal == .point else { return nil }
        self.separator = separator
        self.decimal = decimal
    }

    private init() {}
}

/// An apostrophe before a cell that a spreadsheet would read as a formula, such as a phone number.
/// Formulas can be attacks: https://owasp.org/www-community/attacks/CSV_Injection. Spreadsheets
/// keep the apostrophe when they save the table.
enum FormulaGuard {
    static let mark = UInt8(ascii: "'")

    static func isNeeded(before byte: UInt8?) -> Bool {
        byte.map("=+-@\t\r".utf8.contains) ?? false
    }

    static func removed(from cell: String) -> String {
        guard cell.utf8.first == mark, isNeeded(before: cell.utf8.dropFirst().first) else {
            return cell
        }
        return String(cell.dropFirst())
    }
}
