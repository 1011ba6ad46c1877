internal import Foundation

/// The file does not have its format, so its rows cannot be found.
package struct UnreadableFile: Error, Equatable {
    /// The message without its subject, the file.
    package let reason: String
}

extension UnreadableFile {
    private static let advice = "open it in a spreadsheet, and save it as \"CSV UTF-8\""

    /// The beginning of old workbooks, and of encrypted ones: [MS-CFB] 2.2.
    private static let compoundFile: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0]
    /// The name of the stream that has the encrypted workbook: [MS-OFFCRYPTO] 2.3.4.4.
    private static let encryptedStream = Data("EncryptedPackage".utf16.flatMap { [UInt8($0), 0] })

    /// The beginnings of files that are not text.
    private static let signatures: [(bytes: [UInt8], kind: String)] = [
        ([0x50, 0x4B, 0x03, 0x04], "is an Excel workbook or another ZIP file, not JSON"),
        (compoundFile, "is an old Excel workbook (.xls): \(advice)"),
        (Array("BZh".utf8), "is compressed with bzip2: unpack it first"),
        ([0x1F, 0x8B], "is compressed with gzip: unpack it first"),
        (Array("%PDF".utf8), "is a PDF document: ask for the list as a spreadsheet or CSV"),
        (Array("{\\rtf".utf8), "is a text document (RTF): \(advice)"),
        ([0x89, 0x50, 0x4E, 0x47], "is a picture: ask for the list as a spreadsheet or CSV"),
        ([0xFF, 0xD8, 0xFF], "is a picture: ask for the list as a spreadsheet or CSV"),
        (Array("Rar!".utf8), "is an archive: unpack it first"),
        ([0x37, 0x7A, 0xBC, 0xAF], "is an archive: unpack it first"),
        ([0xFD, 0x37, 0x7A, 0x58], "is compressed with xz: unpack it first"),
        ([0xFF, 0xFE, 0, 0], "is UTF-32: save it as UTF-8"),
    ]

    /// What a file is that is neither a table nor JSON; nil for other files.
    init?(_ file: FilePieces, _ options: ImportOptions) {
        let format = options.format
        if format.isTable, file.isArchive { return nil }
        let head = file.head(512)
        let known = Self.signatures.first { head.starts(with: $0.bytes) }?.kind
        // Lines of JSON may be none.
        let isBlank = file.byteCount == head.count && head.allSatisfy(" ,;\t\r\n".utf8.contains)
        if head.isEmpty || format.isTable && isBlank, format != .ndjson {
            self.init(reason: "is empty")
        } else if file.begins(with: Self.compoundFile), file.contains(Self.encryptedStream) {
            self.init(reason: "is protected by a password: save it without one")
        } else if let known {
            self.init(reason: known)
        } else if Self.isMarkup(head) {
            self.init(reason: "is a web page (HTML) or XML: \(Self.advice)")
        } else if Self.isUTF16(head) {
            self.init(
                reason: "is UTF-16 without a byte order mark: save it as UTF-8, or with the mark")
        } else if let other = Self.otherFormat(file, format, options.naming) {
            self.init(reason: other)
        } else if options.sheet != nil {
            self.init(reason: "is not an Excel workbook, so it has no sheets")
        } else {
            return nil
        }
    }

    /// A tag, after blanks and a byte order mark. No table and no JSON begins with it.
    private static func isMarkup(_ head: [UInt8]) -> Bool {
        let text = head.drop { $0 <= UInt8(ascii: " ") || $0.isByteOrderMark }
        guard text.first == UInt8(ascii: "<"), let next = text.dropFirst().first else {
            return false
        }
        return "!?/".utf8.contains(next) || 0x61...0x7A ~= next | 0x20
    }

    /// What the text is if it has another format than the client says.
    private static func otherFormat(
        _ file: FilePieces, _ format: FileFormat, _ naming: OptionNaming
    ) -> String? {
        let lines = naming.advice(.ndjson)
        let text = file.head(512).drop { $0 <= UInt8(ascii: " ") || $0.isByteOrderMark }
        let start = String(
            decoding: text.lazy.filter { $0 > UInt8(ascii: " ") }.prefix(2), as: UTF8.self)
        switch (format, start.first) {
        case (.ndjson, "["),
            (.csv, "[") where start == "[{", (.xlsx, "[") where start == "[{":
            return "is a JSON array: \(naming.advice(.json))"
        case (.csv, "{") where start == "{\"", (.xlsx, "{") where start == "{\"":
            return "is JSON, one object per line: \(lines)"
        case (.json, "{"):
            return "is not a JSON array: put the objects between [ and ], or \(lines)"
        case (.csv, _), (.xlsx, _), (_, "{"), (_, "["): return nil
        default:
            return SeparatorSearch.isTable(FileText(file)) ? "is CSV: \(naming.advice(.csv))" : nil
        }
    }

    /// Whether one byte of most pairs is zero, as in the UTF-16 of Latin letters, and no byte order
    /// mark precedes them.
    private static func isUTF16(_ head: [UInt8]) -> Bool {
        guard !head.starts(with: [0xFF, 0xFE]), !head.starts(with: [0xFE, 0xFF]) else {
            return false
        }
        let zeros = head.indices.filter { head[$0] == 0 }
        return zeros.count > head.count / 4 && Set(zeros.map { $0 % 2 }).count == 1
    }
}

extension UInt8 {
    /// Whether the byte is one of the mark's in UTF-8.
    fileprivate var isByteOrderMark: Bool { [0xEF, 0xBB, 0xBF].contains(self) }
}

extension OptionNaming {
    /// How to give the format of a file.
    fileprivate func advice(_ format: FileFormat) -> String {
        switch self {
        case .parameters: "send it as \(format.mediaType)"
        case .flags: "give --format \(format.rawValue)"
        }
    }
}

extension FilePieces {
    /// Whether the file is a zip archive, as workbooks are; perhaps an empty one.
    var isArchive: Bool {
        begins(with: [0x50, 0x4B, 0x03, 0x04]) || begins(with: [0x50, 0x4B, 0x05, 0x06])
    }

    fileprivate func contains(_ bytes: Data) -> Bool {
        var file = self
        return Data(file.takeAll()).range(of: bytes) != nil
    }
}

extension FileText {
    func undecodable(line: Int) -> UnreadableFile {
        guard encoding == .utf8 else {
            return UnreadableFile(
                reason: "is not UTF-16 in line \(line): save it as UTF-8, in Excel as \"CSV UTF-8\""
            )
        }
        return UnreadableFile(
            reason: """
                is not UTF-8 in line \(line), but probably Windows-1252 or another 8-bit encoding: \
                save it as UTF-8, in Excel as "CSV UTF-8"
                """)
    }
}
