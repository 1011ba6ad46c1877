/// How a style shows numbers, from its number format (ECMA-376-1, 18.8.30 and 18.8.31).
enum NumberKind: UInt8 {
    case decimal, percentage, date

    /// - Parameter code: The code of a custom format, such as `dd/mm/yyyy`.
    init(id: Int, code: String?) {
        if let code {
            self.init(code: code)
        } else {
            switch id {
            case 9, 10: self = .percentage
            // 27 to 36 and 50 to 58 are dates in East Asian languages.
            case 14...22, 27...36, 45...47, 50...58: self = .date
            default: self = .decimal
            }
        }
    }

    /// The first section of a code, which is for positive numbers, decides.
    private init(code: String) {
        self = .decimal
        var rest = Array(code.utf8)[...]
        while let byte = rest.popFirst(), byte != UInt8(ascii: ";") {
            switch byte {
            case UInt8(ascii: "\""): rest = rest.drop { $0 != byte }.dropFirst()
            case UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "*"): rest = rest.dropFirst()
            // Skip a color, currency or condition. `[h]` is an elapsed time.
            case UInt8(ascii: "[")
            where !rest.prefix(while: { $0 != UInt8(ascii: "]") }).allSatisfy(
                "hmsHMS".utf8.contains):
                rest = rest.drop { $0 != UInt8(ascii: "]") }
            case UInt8(ascii: "%"): self = .percentage
            case _ where "dmyhsDMYHS".utf8.contains(byte): self = .date
            default: break
            }
        }
    }
}

/// The number formats of a workbook's styles.
struct NumberKinds {
    private var kinds: [NumberKind] = []

    /// - Parameter xml: The workbook's styles; nil if it has none.
    init(_ xml: XMLReader?) throws(UnreadableWorkbook) {
        guard var xml else { return }
        var codes: [Int: String] = [:]
        var isInCellFormats = false
        while let event = try xml.next() {
            guard case .start(let element) = event else { continue }
            let id = element["numFmtId"].flatMap { Int($0) } ?? 0
            switch element.name {
            // The styles of cells follow the custom number formats.
            case "numFmt": codes[id] = element.text("formatCode")
            case "xf" where isInCellFormats: kinds.append(NumberKind(id: id, code: codes[id]))
            default: if xml.depth == 2 { isInCellFormats = element.name == "cellXfs" }
            }
        }
    }

    subscript(style: Int) -> NumberKind {
        kinds.indices.contains(style) ? kinds[style] : .decimal
    }
}
