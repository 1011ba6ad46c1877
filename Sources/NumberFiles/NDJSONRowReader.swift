internal import Inventory
internal import JSON

/// Reads JSON objects, one in each line (https://github.com/ndjson/ndjson-spec).
struct NDJSONRowReader: RowReader {
    private var line = 1
    private var rest: [UInt8] = []
    private var isTooLong = false

    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [WrittenRow] {
        var rows: [WrittenRow] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            take(bytes[start..<end])
            if let row = try endLine() { rows.append(row) }
            start = end + 1
        }
        take(bytes[start...])
        return rows
    }

    mutating func finish() throws(UnreadableFile) -> [WrittenRow] {
        try endLine().map { [$0] } ?? []
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        isTooLong = isTooLong || rest.count + bytes.count > longestRow
        if isTooLong { rest = [] } else { rest += bytes }
    }

    /// The row of the line; nil for one that is empty.
    private mutating func endLine() throws(UnreadableFile) -> WrittenRow? {
        defer {
            line += 1
            rest = []
            isTooLong = false
        }
        guard !isTooLong else {
            return malformed("is longer than \(longestRow / 1024) KiB")
        }
        guard !rest.allSatisfy(\.isJSONBlank) else { return nil }
        guard let text = String(validating: rest, as: UTF8.self) else {
            throw .notUTF8(line: line)
        }
        do throws(JSONSyntaxError) {
            return try WrittenRow(line: line, json: text)
        } catch {
            return malformed("is not valid JSON: \(error.reason) at column \(error.column)")
        }
    }

    private func malformed(_ detail: String) -> WrittenRow {
        WrittenRow(line: line, content: .malformed([FieldError(field: nil, detail: detail)]))
    }
}

extension UInt8 {
    /// What JSON takes for blank between its values (RFC 8259 §2).
    var isJSONBlank: Bool {
        switch self {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }
}
