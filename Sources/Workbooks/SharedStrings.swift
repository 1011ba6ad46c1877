/// The texts that the cells of a workbook refer to by number. All are in one array, because a
/// workbook may have a million.
struct SharedStrings {
    /// The texts and their ends. Each end has four bytes.
    private static let mostBytes = 128 * 1024 * 1024

    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []

    /// - Parameter xml: The workbook's shared strings; nil if it has none.
    init(_ xml: XMLReader?) throws(UnreadableWorkbook) {
        guard var xml else { return }
        while let event = try xml.next() {
            guard case .start(let element) = event, element.name == "si" else { continue }
            bytes += try xml.readString()
            ends.append(UInt32(bytes.count))
            guard bytes.count + 4 * ends.count <= Self.mostBytes else {
                throw UnreadableWorkbook(
                    reason: "has more than \(Self.mostBytes / 1024 / 1024) MiB of texts")
            }
        }
    }

    /// Returns nil if there is no such text.
    subscript(index: Int) -> ArraySlice<UInt8>? {
        guard ends.indices.contains(index) else { return nil }
        return bytes[Int(index == 0 ? 0 : ends[index - 1])..<Int(ends[index])]
    }
}

extension XMLReader {
    /// The longest text of a cell in Excel has 32,767 characters of up to four bytes.
    private static let longestString = 128 * 1024

    /// Reads the rest of a shared or inline string: the text of all its runs, without hints on the
    /// pronunciation (ECMA-376-1, 18.4).
    mutating func readString() throws(UnreadableWorkbook) -> [UInt8] {
        try readText { $0 == "t" }[...].unescapingCharacters
    }

    /// Reads the text in the innermost open element, up to its end.
    ///
    /// - Parameter isText: Whether the text in a nested element of this name is part of it.
    mutating func readText(
        in isText: (_ element: String) -> Bool
    ) throws(UnreadableWorkbook) -> [UInt8] {
        let depth = self.depth
        var string: [UInt8] = []
        var isIncluded = isText("")
        while self.depth >= depth, let event = try next() {
            switch event {
            case .start(let element) where element.name == "rPh": try skipElement()
            case .start(let element): isIncluded = isText(element.name)
            case .text(let text) where isIncluded: string += text
            case .text: break
            case .end: isIncluded = isText("")
            }
            guard string.count <= Self.longestString else {
                throw UnreadableWorkbook(
                    reason: "has a cell of more than \(Self.longestString / 1024) KiB")
            }
        }
        return string
    }
}
