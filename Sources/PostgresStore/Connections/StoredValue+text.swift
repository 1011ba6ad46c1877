internal import Inventory
internal import Storage

/// A row that PostgreSQL has found.
struct RowReader: StoredRow {
    let row: Row
    private var position: Int32 = 0

    init(row: Row) {
        self.row = row
    }

    mutating func text() -> String {
        defer { position += 1 }
        return row.text(position)
    }

    mutating func integer() throws -> Int64 {
        defer { position += 1 }
        return try row.integer(position)
    }

    var isNull: Bool { row.isNull(position) }

    mutating func skip(_ count: Int) { position += Int32(count) }
}

extension DIDNumber {
    /// The names of ``columns``, as SQL lists them.
    static let columnNames = columns.names

    /// Reads ``columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(from: &reader)
    }
}

extension [StoredColumn] {
    /// `$1, $2` and so on, one for each.
    var parameters: String { indices.map { "$\($0 + 1)" }.joined(separator: ", ") }

    /// `$5::text, $6::bigint` and so on, one for each, where `count` parameters come before.
    func typedParameters(after count: Int) -> String {
        enumerated().map { index, column in
            switch column {
            case .text: "$\(count + index + 1)::text"
            case .integer: "$\(count + index + 1)::bigint"
            }
        }.joined(separator: ", ")
    }

    /// `$1::text[], $2::bigint[]` and so on, one for each: many rows are passed column by column.
    var arrayParameters: String {
        enumerated().map { index, column in
            switch column {
            case .text: "$\(index + 1)::text[]"
            case .integer: "$\(index + 1)::bigint[]"
            }
        }.joined(separator: ", ")
    }
}

extension [StoredValue] {
    /// The values in PostgreSQL's text form.
    var parameters: [String?] {
        map { value in
            switch value {
            case .text(let text): text
            case .integer(let integer): String(integer)
            case .null: nil
            }
        }
    }
}

extension [[StoredValue]] {
    /// The rows as COPY reads them.
    // https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2
    var copyText: [UInt8] {
        var text: [UInt8] = []
        for row in self {
            for (index, value) in row.enumerated() {
                if index > 0 { text.append(UInt8(ascii: "\t")) }
                value.appendCopyText(to: &text)
            }
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    /// Many rows of `count` columns, one array for each column.
    // https://www.postgresql.org/docs/current/arrays.html#ARRAYS-INPUT
    func arrayParameters(columns count: Int) -> [String] {
        (0..<count).map { column in
            var text: [UInt8] = [UInt8(ascii: "{")]
            for (index, row) in enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                row[column].appendArrayText(to: &text)
            }
            text.append(UInt8(ascii: "}"))
            return String(decoding: text, as: UTF8.self)
        }
    }
}

extension StoredValue {
    fileprivate func appendCopyText(to text: inout [UInt8]) {
        switch self {
        case .integer(let integer): text.append(contentsOf: String(integer).utf8)
        case .null: text.append(contentsOf: "\\N".utf8)
        case .text(let value):
            for byte in value.utf8 {
                switch byte {
                case UInt8(ascii: "\\"): text.append(contentsOf: "\\\\".utf8)
                case UInt8(ascii: "\t"): text.append(contentsOf: "\\t".utf8)
                case UInt8(ascii: "\n"): text.append(contentsOf: "\\n".utf8)
                case UInt8(ascii: "\r"): text.append(contentsOf: "\\r".utf8)
                default: text.append(byte)
                }
            }
        }
    }

    fileprivate func appendArrayText(to text: inout [UInt8]) {
        switch self {
        case .integer(let integer): text.append(contentsOf: String(integer).utf8)
        case .null: text.append(contentsOf: "NULL".utf8)
        case .text(let value):
            text.append(UInt8(ascii: "\""))
            for byte in value.utf8 {
                if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") {
                    text.append(UInt8(ascii: "\\"))
                }
                text.append(byte)
            }
            text.append(UInt8(ascii: "\""))
        }
    }
}
