internal import JSON

/// The bytes of one row, up to a limit.
struct JSONRowBytes: Sendable {
    private var bytes: [UInt8] = []
    private var isTooLong = false

    /// Whether the row is only the first bracket of an object on several lines.
    var isOpening: Bool { bytes.filter { !$0.isJSONBlank } == [UInt8(ascii: "{")] }

    mutating func append(_ byte: UInt8) {
        isTooLong = isTooLong || bytes.count == longestRow
        if isTooLong { bytes = [] } else { bytes.append(byte) }
    }

    mutating func append(_ more: ArraySlice<UInt8>) {
        guard !more.isEmpty else { return }
        isTooLong = isTooLong || bytes.count + more.count > longestRow
        if isTooLong { bytes = [] } else { bytes += more }
    }

    /// Ends the row, and begins the next one. Returns nil for a blank row if these are ignored.
    mutating func end(
        line: Int, of text: FileText, ignoresBlank: Bool = false,
        _ rowOfError: (JSONSyntaxError) throws(UnreadableFile) -> FileRow
    ) throws(UnreadableFile) -> FileRow? {
        defer {
            bytes.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        guard !isTooLong else {
            return FileRow(line: line, error: "is longer than \(longestRow / 1024) KiB")
        }
        if ignoresBlank, bytes.allSatisfy(\.isJSONBlank) { return nil }
        guard let json = String(validating: bytes, as: UTF8.self) else {
            throw text.undecodable(line: line)
        }
        do throws(JSONSyntaxError) {
            return FileRow(line: line, try JSONParser.parse(json))
        } catch {
            return try rowOfError(error)
        }
    }
}
