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

    /// Whether a header names the members of the rows.
    package var isTable: Bool { self == .csv }

    func reader(_ file: FilePieces, _ options: ImportOptions) -> any RowReader {
        let text = FileText(file)
        return switch self {
        case .csv: CSVRowReader(text, options)
        case .ndjson: NDJSONRowReader(text)
        case .json: JSONArrayRowReader(text)
        }
    }
}
