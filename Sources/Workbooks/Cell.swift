/// What a cell contains, as the spreadsheet shows it.
package enum Cell: Equatable, Sendable {
    /// What a cell may have instead of a text or a number.
    package enum Other: Sendable {
        case date, percentage, boolean, error
        /// A formula whose result the file does not have.
        case formula
    }

    case empty
    case text(String)
    /// A decimal number, such as `-12.5`.
    case number(String)
    /// - Parameter text: A date as in ISO 8601; of others, what the file stores.
    case other(Other, text: String)
}
