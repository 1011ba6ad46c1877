internal import Inventory

/// Finds the decimal separator of a table, which has only one. The first price that cannot contain
/// a thousands separator decides. If there is none, a price with both separators decides: its last
/// one is decimal. If commas separate the cells, an unquoted price has a decimal point.
struct DecimalSearch {
    /// Nil if it is not known.
    private(set) var decimal: CSVStyle.DecimalSeparator?
    /// Whether a price was ambiguous, and the separator is not known yet.
    private(set) var isNeeded = false
    private var isOver: Bool
    private var hasUnquotedPoint = false
    /// The decimal separator of a price with thousands separators, which itself is an error.
    private var groupedDecimal: CSVStyle.DecimalSeparator?

    init(_ given: CSVStyle.DecimalSeparator?) {
        decimal = given
        isOver = given != nil
    }

    mutating func read(
        _ cells: [TableCell], in columns: [Int], separatedBy separator: CSVStyle.Separator?
    ) {
        guard !isOver else { return }
        for column in columns where column < cells.count && !cells[column].isNumber {
            let cell = cells[column]
            guard let price = SeparatedPrice(cell.text) else {
                groupedDecimal = groupedDecimal ?? .last(of: cell.text)
                continue
            }
            guard price.isAmbiguous else {
                (decimal, isNeeded, isOver) = (price.separator, false, true)
                return
            }
            isNeeded = true
            if separator == .comma, !cell.isQuoted { hasUnquotedPoint = true }
        }
    }

    mutating func finish() {
        guard !isOver else { return }
        decimal = groupedDecimal ?? (hasUnquotedPoint ? .point : nil)
        (isNeeded, isOver) = (false, true)
    }
}

extension CSVStyle.DecimalSeparator {
    /// The last separator of a price with both, such as `1.250,50`; nil for other texts.
    fileprivate static func last(of text: String) -> Self? {
        let marks = text.utf8.filter(".,".utf8.contains)
        guard text.utf8.count <= 64, let last = marks.last, marks.count > 1,
            marks.filter({ $0 == last }).count == 1,
            text.utf8.allSatisfy({ $0.isDigit || ".,".utf8.contains($0) })
        else { return nil }
        return last == UInt8(ascii: ",") ? .comma : .point
    }
}
