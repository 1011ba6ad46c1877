/// How a table is written as CSV, so that the spreadsheets of a country take it.
package struct CSVStyle: Equatable, Sendable {
    /// What stands between two cells.
    package enum Separator: String, CaseIterable, Sendable {
        case comma = ","
        case semicolon = ";"

        var byte: UInt8 { self == .comma ? UInt8(ascii: ",") : UInt8(ascii: ";") }
    }

    /// What stands before the fraction of a price.
    package enum DecimalSign: String, CaseIterable, Sendable {
        case point = "."
        case comma = ","

        package var name: String { "decimal \(self)" }
    }

    package let separator: Separator
    package let decimalSign: DecimalSign

    package static let standard = CSVStyle()

    /// Fails where both are a comma: spreadsheets could not tell one from the other.
    package init?(separator: Separator, decimalSign: DecimalSign) {
        guard separator == .semicolon || decimalSign == .point else { return nil }
        self.separator = separator
        self.decimalSign = decimalSign
    }

    private init() {
        (separator, decimalSign) = (.comma, .point)
    }
}
