/// What a file of numbers is written in.
package enum FileFormat: String, CaseIterable, Sendable {
    /// A table (RFC 4180), for spreadsheets.
    case csv
    /// A JSON object in each line, for programs.
    case ndjson
    /// One array of JSON objects, which is only read.
    case json

    /// The formats that are written; all of them are read.
    package static let written: [FileFormat] = [.csv, .ndjson]

    package var mediaType: String {
        switch self {
        case .csv: "text/csv"
        case .ndjson: "application/x-ndjson"
        case .json: "application/json"
        }
    }

    /// What reads the rows of such a file.
    ///
    /// - Parameter isWhole: Whether each row must have all members of a number.
    /// - Parameter decimal: The decimal separator of CSV; without it the prices decide.
    func reader(isWhole: Bool, decimal: CSVStyle.DecimalSign? = nil) -> any RowReader {
        switch self {
        case .csv: CSVRowReader(isWhole: isWhole, decimal: decimal)
        case .ndjson: NDJSONRowReader()
        case .json: JSONArrayRowReader()
        }
    }
}
