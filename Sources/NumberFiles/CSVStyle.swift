/// The separators of a table. Spreadsheets expect other ones in other countries.
package struct CSVStyle: Equatable, Sendable {
    package enum Separator: String, CaseIterable, Sendable {
        case comma = ","
        case semicolon = ";"
        /// Only read: spreadsheets write tabs when cells are copied, and in "Unicode text".
        case tab = "\t"

        /// The separators of exports.
        package static let written: [Separator] = [.comma, .semicolon]

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            }
        }

        package var name: String { "\(self)s" }
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
        guard separator != .comma || decimal == .point else { return nil }
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
}
