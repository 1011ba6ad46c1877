internal import Inventory
internal import JSON

// Only a build for debugging has what is internal; nobody fuzzes another.
@testable internal import NumberFiles

/// The readers of files: where a piece of the file ends must not matter, and a row has a line.
extension Target {
    private static let members = NumberContent.Member.allCases.map(\.rawValue)

    static let csv = Target(
        name: "csv",
        samples: [
            members.joined(separator: ",") + "\r\n'+55 84 91234-4321,0.03,3.40,U$\r\n",
            "\u{FEFF}id;" + members.joined(separator: ";")
                + "\n7;\"+55 \"\"84\";0,03;3,4;R$\n;;;;\n",
            "\n\nvalue,currency\n\"a\nb\",\"c\"\n", "value;\"currency", "value,id,id,colour\n1,2\n",
        ],
        words: [
            ",", ";", "\"", "\"\"", "\n", "\r\n", "\r", "'+", "=", "value", "id", "monthyPrice",
            "\",\"", "0,03", ";;;;\n",
        ], check: { try expectSameInPieces($0, .csv) })

    static let ndjson = Target(
        name: "ndjson",
        samples: [
            "{"
                + zip(members, ["+55 84 91234-4321", "0.03", "3.40", "U$"])
                .map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",") + "}\n",
            "{}\r\n\n[]\n{\"id\":7}", "{\"a\":\n}", "\u{FEFF}{}",
        ],
        words: ["{", "}", "\n", "\r\n", "\"", "\\", ":", ",", "\"id\":", "null"],
        check: { try expectSameInPieces($0, .ndjson) })

    static let array = Target(
        name: "array",
        samples: [
            "[]", "\u{FEFF} [{\"value\":\"a]\\\"}\"},\n{\"id\":[7]} ]\n", "[1,[2,{}],\"]\"]",
        ],
        words: ["[", "]", "{", "}", ",", "\"", "\\\"", "\\", "\n", " ", "[[", "\"a\":"],
        check: { try expectSameInPieces($0, .json) })

    private static func expectSameInPieces(_ text: String, _ format: FileFormat) throws -> Bool {
        let bytes = Array(text.utf8)
        let whole = rows(bytes, format, size: max(1, bytes.count))
        // What is large is tried for the time that it takes.
        guard bytes.count <= 4096 else { return whole?.contains(where: \.isGood) ?? false }
        let inPieces = rows(bytes, format, size: 1 + bytes.count % 7)
        try expect(
            (whole == nil) == (inPieces == nil), "it can be read either whole or in pieces")
        guard let whole, let inPieces else { return false }
        try expect(whole.count == inPieces.count, "\(whole.count), \(inPieces.count) in pieces")
        var line = 1
        for (one, other) in zip(whole, inPieces) {
            try expect(
                one.line == other.line && one.isGood == other.isGood && one.text == other.text,
                "the row in line \(one.line) is another in pieces")
            try expect(one.line >= line, "line \(one.line) comes after \(line)")
            line = one.line
        }
        let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
        try expect(line <= lines, "there is no line \(line)")
        return whole.contains(where: \.isGood)
    }

    /// Returns nil where the file cannot be read.
    private static func rows(_ bytes: [UInt8], _ format: FileFormat, size: Int) -> [FileRow]? {
        var file = FilePieces(pieceBytes: size)
        for start in stride(from: 0, to: bytes.count, by: size) {
            file.append(bytes[start..<min(bytes.count, start + size)])
        }
        file.skipByteOrderMark()
        var reader = format.reader(isWhole: false)
        var rows: [FileRow] = []
        do {
            while let piece = file.next() { rows += try reader.read(piece) }
            return rows + (try reader.finish())
        } catch {
            return nil
        }
    }
}

extension FileRow {
    fileprivate var isGood: Bool { (try? content.get()) != nil }

    /// What is in the row, or wrong with it.
    fileprivate var text: [UInt8] {
        switch content {
        case .success(let reader): JSONValue.object(reader.members).text
        case .failure(let error): error.fieldErrors.flatMap { Array($0.detail.utf8) }
        }
    }
}
