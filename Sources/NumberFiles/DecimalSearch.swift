/// Finds the decimal separator of a table: a file has one.
///
/// The first price that cannot contain a thousands separator decides. If none does, unquoted prices
/// between commas use a point.
struct DecimalSearch {
    /// Nil if nothing decides.
    private(set) var decimal: CSVStyle.DecimalSign?
    /// Whether a price can be read both ways, and nothing decided yet.
    private(set) var isNeeded = false
    private var isOver: Bool
    private var hasUnquotedPoint = false

    /// - Parameter given: The separator that the client gave; then nothing is searched.
    init(_ given: CSVStyle.DecimalSign?) {
        decimal = given
        isOver = given != nil
    }

    mutating func read(
        _ cells: [CSVParser.Cell], in columns: [Int], separatedBy separator: CSVStyle.Separator
    ) {
        guard !isOver else { return }
        for cell in columns.map({ cells[$0] }) {
            guard let price = SeparatedPrice(String(decoding: cell.bytes, as: UTF8.self)) else {
                continue
            }
            guard price.isAmbiguous else {
                (decimal, isNeeded, isOver) = (price.sign, false, true)
                return
            }
            isNeeded = true
            if separator == .comma, !cell.isQuoted { hasUnquotedPoint = true }
        }
    }

    /// Ends the search with the file.
    mutating func finish() {
        guard !isOver else { return }
        if hasUnquotedPoint { decimal = .point }
        (isNeeded, isOver) = (false, true)
    }
}
