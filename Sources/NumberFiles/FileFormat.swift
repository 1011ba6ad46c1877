internal import Workbooks

package enum FileFormat: String, CaseIterable, Sendable {
    /// A table (RFC 4180), for spreadsheets.
    case csv
    /// A JSON object in each line, for programs.
    case ndjson
    /// One array of JSON objects.
    case json
    /// A workbook of Excel.
    case xlsx

    /// The formats of exports. Imports accept all formats.
    package static let written: [FileFormat] = [.csv, .ndjson, .xlsx]

    package var mediaType: String {
        switch self {
        case .csv: "text/csv"
        case .ndjson: "application/x-ndjson"
        case .json: "application/json"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
    }

    /// The types of imports. Browsers and generated clients send files of any kind as the last one;
    /// browsers on Windows send CSV as a workbook of old Excel.
    package static let mediaTypes =
        allCases.map(\.mediaType) + [
            "text/tab-separated-values", "text/plain", "application/vnd.ms-excel",
            "application/octet-stream",
        ]

    package init?(mediaType: String) {
        guard Self.mediaTypes.contains(mediaType) else { return nil }
        self =
            Self.allCases.first { $0.mediaType == mediaType }
            ?? (mediaType.hasPrefix("text/") ? .csv : .xlsx)
    }

    /// Whether a header names the members of the rows.
    package var isTable: Bool { self == .csv || self == .xlsx }

    /// How many numbers a file may have; nil for any.
    package var mostNumbers: Int? { self == .xlsx ? Workbook.mostRows - 1 : nil }

    /// The bytes of a table show which format it has: names and media types are often wrong.
    func reader(_ file: FilePieces, _ options: ImportOptions) -> any RowReader {
        switch self {
        case .csv, .xlsx:
            file.isArchive
                ? WorkbookRowReader(file, options) : CSVRowReader(FileText(file), options)
        case .ndjson: NDJSONRowReader(FileText(file))
        case .json: JSONArrayRowReader(FileText(file))
        }
    }
}
