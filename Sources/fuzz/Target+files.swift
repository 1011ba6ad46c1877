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
        ], words: ", ; \" \"\" \n \r\n \r '+ = value id monthyPrice \",\" 0,03 ;;;;\n"
    ) { try isSameInPieces($0, .csv) }

    static let ndjson = Target(
        name: "ndjson",
        samples: [
            #"{"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#,
            "{}\r\n\n[]\n{\"id\":7}", "{\"a\":\n}", "\u{FEFF}{}",
        ], words: "{ } \n \r\n \" \\ : , \"id\": null"
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
            let lines = [1] + (whole ?? []).map(\.line) + [bytes.count { $0 == 0x0A } + 1]
            try expect(lines == lines.sorted(), "the lines are \(lines)")
        }
        return whole?.contains { (try? $0.content.get()) != nil } ?? false
    }

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
    fileprivate var bytes: [UInt8] {
        let text =
            switch content {
            case .success(let reader): JSONValue.object(reader.members).text
            case .failure(let error): Array("\(error.fieldErrors.map(\.detail))".utf8)
            }
        return Array("\(line) ".utf8) + text
    }
}
