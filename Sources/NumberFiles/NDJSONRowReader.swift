internal import JSON

/// Reads JSON objects, one on each line (https://github.com/ndjson/ndjson-spec). Lines end with CR, LF
/// or CRLF.
struct NDJSONRowReader: TextRowReader {
    var text: FileText
    private var line = 1
    private var row = JSONRowBytes()
    private var isAfterCR = false
    private var hasRows = false

    init(_ text: FileText) {
        self.text = text
    }

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [FileRow] {
        var rows: [FileRow] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            // The LF of CRLF ends no other line.
            if isAfterCR, rest.first == UInt8(ascii: "\n") { rest.removeFirst() }
            isAfterCR = false
            guard let end = rest.firstIndex(where: \.isLineEnd) else { break }
            row.append(rest[..<end])
            if let row = try endLine() { rows.append(row) }
            isAfterCR = rest[end] == UInt8(ascii: "\r")
            rest = rest[end...].dropFirst()
        }
        row.append(rest)
        return rows
    }

    mutating func finish() throws(UnreadableFile) -> [FileRow] {
        try endLine().map { [$0] } ?? []
    }

    private mutating func endLine() throws(UnreadableFile) -> FileRow? {
        defer { line += 1 }
        guard hasRows || !row.isOpening else {
            throw UnreadableFile(
                reason: "has JSON on several lines, from line \(line): write one object per line")
        }
        let row = try row.end(line: line, of: text, ignoresBlank: true) { [line] error in
            FileRow(
                line: line, error: "is not valid JSON: \(error.reason) at column \(error.column)")
        }
        hasRows = hasRows || row != nil
        return row
    }
}
