package enum TextEncoding: String, Sendable {
    case utf8 = "UTF-8"
    case utf16 = "UTF-16"
}

/// The text of a file as UTF-8, in pieces and without its byte order mark. Spreadsheets call UTF-16
/// "Unicode text".
struct FileText: Sendable {
    private var file: FilePieces
    private var utf16: UTF16Decoder?
    private var isOver = false

    var readCount: Int { file.takenCount }
    var encoding: TextEncoding { utf16 == nil ? .utf8 : .utf16 }

    init(_ file: FilePieces) {
        let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE]]
        let mark = marks.first(where: file.begins)
        if let mark, mark.count == 2 { utf16 = UTF16Decoder(isBigEndian: mark[0] == 0xFE) }
        self.file = file
        guard let mark else { return }
        // Programs that do not know the mark add others. Each removal moves the rest of a piece.
        for _ in 0..<100 where self.file.begins(with: mark) { self.file.skip(mark.count) }
    }

    mutating func next() -> [UInt8]? {
        guard let piece = file.next() else { return utf16?.finish() }
        return utf16?.decode(piece) ?? piece
    }

    /// Returns true once.
    mutating func end() -> Bool {
        defer { isOver = true }
        return !isOver
    }
}

/// Converts UTF-16 to UTF-8, in pieces that may end anywhere. A surrogate without its other half
/// becomes a byte that is not UTF-8, so the readers report its line.
struct UTF16Decoder: Sendable {
    let isBigEndian: Bool
    private var half: UInt8?
    private var lead: UInt32?

    init(isBigEndian: Bool) {
        self.isBigEndian = isBigEndian
    }

    mutating func decode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let (high, low) = isBigEndian ? (first, byte) : (byte, first)
            append(UInt32(high) << 8 | UInt32(low), to: &text)
        }
        return text
    }

    /// Returns what an incomplete last character becomes; nil if there is none.
    mutating func finish() -> [UInt8]? {
        guard half != nil || lead != nil else { return nil }
        (half, lead) = (nil, nil)
        return [0xFF]
    }

    private mutating func append(_ unit: UInt32, to text: inout [UInt8]) {
        var code = unit
        if let lead {
            self.lead = nil
            if 0xDC00..<0xE000 ~= unit {
                code = 0x10000 + (lead - 0xD800) << 10 + (unit - 0xDC00)
            } else {
                text.append(0xFF)
            }
        } else if 0xD800..<0xDC00 ~= unit {
            lead = unit
            return
        }
        if code < 0x80 {
            text.append(UInt8(code))
        } else if let scalar = Unicode.Scalar(code) {
            text += scalar.utf8
        } else {
            text.append(0xFF)
        }
    }
}
