/// Finds the decimal separator of a table, which has only one. The first price that cannot contain
/// a thousands separator decides. If there is none, and commas separate the cells, an unquoted
/// price has a decimal point.
struct DecimalSearch {
    /// Nil if it is not known.
    private(set) var decimal: CSVStyle.DecimalSeparator?
    /// Whether a price was ambiguous, and the separator is not known yet.
    private(set) var isNeeded = false
    private var isOver: Bool
    private var hasUnquotedPoint = false

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
            guard let price = SeparatedPrice(cell.text) else { continue }
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
        if hasUnquotedPoint { decimal = .point }
        (isNeeded, isOver) = (false, true)
    }
}
