internal import Inventory
internal import JSON

// Only a debug build can import internal declarations.
@testable internal import NumberFiles

/// Readers of files must return the same rows for pieces of any size, each with its line.
extension Target {
    private static let members = NumberContent.Member.allCases.map(\.rawValue)

    static let csv = Target(
        name: "csv",
        samples: [
            members.joined(separator: ",") + "\r\n'+55 84 91234-4321,0.03,3.40,U$\r\n",
            "\u{FEFF}id;" + members.joined(separator: ";")
                + "\n7;\"+55 \"\"84\";0,03;3,4;R$\n;;;;\n",
            "\n\nvalue,currency\n\"a\nb\",\"c\"\n", "value;\"currency", "value,id,id,colour\n1,2\n",
            "sep=;\rNumber; Monthly price ;setup_price;\u{200B}CURRENCY;;\r\r\n=\"+55\";\u{A0}1.250,5;1.250;U$;;",
            "\u{FEFF}\u{FEFF}\"value\"\tmonthlyPrice\tcity\r\n'+55 84\t 1,250,000.00 \t\u{1F600}\r\n",
            "value,monthyPrice,setupPrice\n+55,1,250.00,0,03\n",
        ],
        words:
            ", ; \t \" \"\" \n \r\n \r '+ = =\" sep= value Number id monthyPrice \",\" 0,03 ;;;;\n \u{FEFF} \u{A0} 1,250 1.250"
    ) { try isSameInPieces($0, .csv) }

    static let ndjson = Target(
        name: "ndjson",
        samples: [
            #"{"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#,
            "{}\r\n\n[]\n{\"id\":7}", "{\"a\":\n}", "\u{FEFF}{}", "{}\r{}\r\n{\n",
        ], words: "{ } \n \r \r\n \" \\ : , \"id\": null"
    ) { try isSameInPieces($0, .ndjson) }

    static let array = Target(
        name: "array",
        samples: [
            "[]", "\u{FEFF} [{\"value\":\"a]\\\"}\"},\n{\"id\":[7]} ]\n", "[1,[2,{}],\"]\"]",
        ],
        words: "[ ] { } , \" \\\" \\ \n [[ \"a\":"
    ) { try isSameInPieces($0, .json) }

    private static func isSameInPieces(_ text: String, _ format: FileFormat) throws -> Bool {
        let bytes = Array(text.utf8)
        let whole = rows(bytes, format, size: max(1, bytes.count))
        // A large text tests only the time.
        if bytes.count <= 4096 {
            let inPieces = rows(bytes, format, size: 1 + bytes.count % 7)
            try expect(whole?.map(\.bytes) == inPieces?.map(\.bytes), "other rows in pieces")
            let utf16 = ("\u{FEFF}" + text).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            let inUTF16 = rows(utf16, format, size: 1 + bytes.count % 7)
            try expect(whole?.map(\.bytes) == inUTF16?.map(\.bytes), "other rows in UTF-16")
            let lastLine = 1 + (format == .json ? bytes.count { $0 == 0x0A } : bytes.lineEndCount)
            let lines = [1] + (whole ?? []).map(\.line) + [lastLine]
            try expect(lines == lines.sorted(), "the lines are \(lines)")
        }
        return whole?.contains { $0.errors.isEmpty } ?? false
    }

    private static func rows(_ bytes: [UInt8], _ format: FileFormat, size: Int) -> [FileRow]? {
        var file = FilePieces(pieceBytes: size)
        for start in stride(from: 0, to: bytes.count, by: size) {
            file.append(bytes[start..<min(bytes.count, start + size)])
        }
        let options = ImportOptions(format: format, mode: .upsert, numberCheck: .possible)
        var reader = format.reader(file, options)
        var rows: [FileRow] = []
        do {
            while let more = try reader.nextWithDecimal() { rows += more }
            return rows
        } catch {
            return nil
        }
    }
}

extension [UInt8] {
    /// How many lines end, with CR, LF or CRLF.
    fileprivate var lineEndCount: Int {
        let pairs = zip(self, dropFirst()).count { $0 == 0x0D && $1 == 0x0A }
        return count { $0 == 0x0D || $0 == 0x0A } - pairs
    }
}

extension FileRow {
    fileprivate var bytes: [UInt8] {
        let text =
            errors.isEmpty ? JSONValue.object(members).text : Array("\(errors.map(\.detail))".utf8)
        return Array("\(line) ".utf8) + text
    }
}
