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
    /// The member `id`; nil if it is absent or invalid.
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

/// The bytes of a row of JSON, as they arrive.
struct JSONRowBytes: Sendable {
    private var bytes: [UInt8] = []
    private var isTooLong = false

    var isBlank: Bool {
        !isTooLong && (bytes.isEmpty || bytes.allSatisfy(\.isJSONBlank))
    }

    mutating func append(_ byte: UInt8) {
        isTooLong = isTooLong || bytes.count == longestRow
        if isTooLong { bytes = [] } else { bytes.append(byte) }
    }

    mutating func append(_ more: ArraySlice<UInt8>) {
        guard !more.isEmpty else { return }
        isTooLong = isTooLong || bytes.count + more.count > longestRow
        if isTooLong { bytes = [] } else { bytes += more }
    }

    mutating func clear() {
        if !bytes.isEmpty { bytes.removeAll(keepingCapacity: true) }
        isTooLong = false
    }

    /// Ends the row, and begins the next one.
    mutating func end(line: Int) throws(UnreadableFile) -> Result<FileRow, JSONSyntaxError> {
        defer { clear() }
        guard !isTooLong else {
            return .success(FileRow(line: line, error: "is longer than \(longestRow / 1024) KiB"))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notUTF8(line: line)
        }
        return Result { () throws(JSONSyntaxError) in try JSONParser.parse(text) }.map { json in
            FileRow(
                line: line,
                content: Result { () throws(InventoryError) in try ObjectReader(json) })
        }
    }
}

extension UInt8 {
    /// Whether JSON ignores the byte between values (RFC 8259 §2).
    var isJSONBlank: Bool {
        switch self {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }
}
