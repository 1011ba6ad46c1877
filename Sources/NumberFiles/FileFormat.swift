package enum FileFormat: String, CaseIterable, Sendable {
    /// A table (RFC 4180), for spreadsheets.
    case csv
    /// A JSON object in each line, for programs.
    case ndjson
    /// One array of JSON objects.
    case json

    /// The formats of exports. Imports accept all formats.
    package static let written: [FileFormat] = [.csv, .ndjson]

    package var mediaType: String {
        switch self {
        case .csv: "text/csv"
        case .ndjson: "application/x-ndjson"
        case .json: "application/json"
        }
    }

    /// - Parameter isWhole: Whether each row must have all members of a number.
    /// - Parameter decimal: The decimal separator of CSV; nil to find it in the prices.
    func reader(isWhole: Bool, decimal: CSVStyle.DecimalSeparator? = nil) -> any RowReader {
        switch self {
        case .csv: CSVRowReader(isWhole: isWhole, decimal: decimal)
        case .ndjson: NDJSONRowReader()
        case .json: JSONArrayRowReader()
        }
    }
}
