internal import JSON

/// Reads JSON objects, one on each line (https://github.com/ndjson/ndjson-spec).
struct NDJSONRowReader: TextRowReader {
    var text: FileText
    private var line = 1
    private var row = JSONRowBytes()

    init(_ text: FileText) {
        self.text = text
    }

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [FileRow] {
        var rows: [FileRow] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            row.append(bytes[start..<end])
            if let row = try endLine() { rows.append(row) }
            start = end + 1
        }
        row.append(bytes[start...])
        return rows
    }

    mutating func finish() throws(UnreadableFile) -> [FileRow] {
        try endLine().map { [$0] } ?? []
    }

    private mutating func endLine() throws(UnreadableFile) -> FileRow? {
        defer { line += 1 }
        return try row.end(line: line, ignoresBlank: true) { [line] error in
            FileRow(
                line: line, error: "is not valid JSON: \(error.reason) at column \(error.column)")
        }
    }
}
