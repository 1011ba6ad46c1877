internal import Inventory
internal import JSON

/// A row of a file, before its values are checked.
struct FileRow: Sendable {
    /// The line in which the row begins, from 1.
    let line: Int
    /// The members, or the errors of a malformed row.
    let content: Result<ObjectReader, InventoryError>
}

extension FileRow {
    init(line: Int, _ members: [(name: String, value: JSONValue)]) {
        self.init(line: line, content: .success(ObjectReader(members: members)))
    }

    init(line: Int, error detail: String) {
        self.init(line: line, errors: [FieldError(field: nil, detail: detail)])
    }

    init(line: Int, errors: [FieldError]) {
        self.init(line: line, content: .failure(.invalid(errors)))
    }

    /// - Parameter price: Reads a price as the file writes it.
    func checked(
        _ mode: ImportMode, _ numberCheck: NumberCheck,
        price: (String) throws(InvalidValue) -> Price
    ) -> ImportRow {
        do throws(InventoryError) {
            var reader = try content.get()
            let id = reader.id()
            let patch = try NumberPatch(
                reader, numberCheck: numberCheck, isWhole: mode == .create, price: price)
            return .number(line: line, id: id, patch: patch)
        } catch {
            return .invalid(line: line, error.fieldErrors)
        }
    }
}

extension ObjectReader {
    fileprivate mutating func id() -> Int64? {
        switch value(of: "id") {
        case nil: return nil
        case .number(let text), .string(let text):
            if let id = Int64(text), id > 0, text.hasSameBytes(as: String(id)) { return id }
        default: break
        }
        note("id", "must be the id of a number, such as 42, or be left out")
        return nil
    }
}

struct JSONRowBytes: Sendable {
    private var bytes: [UInt8] = []
    private var isTooLong = false

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
        line: Int, ignoresBlank: Bool = false,
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
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notUTF8(line: line)
        }
        let json: JSONValue
        do throws(JSONSyntaxError) {
            json = try JSONParser.parse(text)
        } catch {
            return try rowOfError(error)
        }
        return FileRow(
            line: line, content: Result { () throws(InventoryError) in try ObjectReader(json) })
    }
}
