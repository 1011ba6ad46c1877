internal import Inventory
internal import Storage

extension [StoredColumn] {
    /// `$1::text, $2::bigint` …, after `count` other parameters. The suffix `[]` makes arrays of
    /// columns.
    func typedParameters(after count: Int = 0, _ suffix: String = "") -> String {
        enumerated().map { index, column in
            let type = if case .text = column { "text" } else { "bigint" }
            return "$\(count + index + 1)::\(type)\(suffix)"
        }.joined(separator: ", ")
    }
}

extension [[StoredValue]] {
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
    func arrayParameters(columns count: Int) -> [StoredValue] {
        (0..<count).map { column in
            var text: [UInt8] = [UInt8(ascii: "{")]
            for (index, row) in enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                row[column].appendArrayText(to: &text)
            }
            text.append(UInt8(ascii: "}"))
            return .text(String(decoding: text, as: UTF8.self))
        }
    }
}

extension StoredValue {
    /// The value in PostgreSQL's text form.
    var encoded: String? {
        switch self {
        case .text(let text): text
        case .integer(let integer): String(integer)
        // https://www.postgresql.org/docs/current/datatype-binary.html
        case .bytes(let bytes): "\\x" + bytes.hexadecimal
        case .null: nil
        }
    }

    fileprivate func appendCopyText(to text: inout [UInt8]) {
        guard let value = encoded else {
            return text.append(contentsOf: "\\N".utf8)
        }
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

    fileprivate func appendArrayText(to text: inout [UInt8]) {
        guard let value = encoded else {
            return text.append(contentsOf: "NULL".utf8)
        }
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
