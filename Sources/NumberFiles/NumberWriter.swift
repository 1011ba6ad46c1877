package import Inventory
internal import JSON
internal import Workbooks

/// Writes numbers as a file. Reading the file gives the same contents.
package struct NumberWriter: Sendable {
    private let format: FileFormat
    private let style: CSVStyle
    private let hasIDs: Bool
    /// Of the file that has begun; nil in other formats.
    private var workbook: WorkbookWriter?

    /// - Parameter format: One of ``FileFormat/written``.
    /// - Parameter hasIDs: Whether rows have ids, which only the same inventory can import.
    package init(format: FileFormat, style: CSVStyle = .standard, hasIDs: Bool = false) {
        precondition(FileFormat.written.contains(format), "\(format) is only read")
        self.format = format
        self.style = style
        self.hasIDs = hasIDs
    }

    /// Begins a file, and returns the bytes before the rows: in CSV a byte order mark, without which
    /// some spreadsheets read `€` as `â‚¬`, and the names of the members.
    package mutating func begin() -> [UInt8] {
        switch format {
        case .csv:
            let names = (hasIDs ? ["id"] : []) + NumberContent.Member.names
            return Array(
                ("\u{FEFF}" + names.joined(separator: style.separator.rawValue) + "\r\n").utf8)
        case .ndjson, .json: return []
        case .xlsx:
            workbook = WorkbookWriter(columns)
            return workbook?.begin() ?? []
        }
    }

    /// Returns the bytes of the numbers, or of some before them.
    ///
    /// - Throws: `TooManyRows` if a workbook has no room for the numbers.
    package mutating func write(_ numbers: [DIDNumber]) throws -> [UInt8] {
        var text: [UInt8] = []
        switch format {
        case .csv: for number in numbers { writeCSV(number, to: &text) }
        case .ndjson, .json: for number in numbers { writeJSON(number, to: &text) }
        case .xlsx:
            let rows = numbers.map(cells)
            text = try workbook?.write(rows) ?? []
        }
        return text
    }

    /// Ends the file, and returns its last bytes.
    package mutating func end() -> [UInt8] {
        workbook?.end() ?? []
    }

    private var columns: [WorkbookWriter.Column] {
        (hasIDs ? [.init("id", .integer, width: 10)] : [])
            + NumberContent.Member.allCases.map { member in
                .init(
                    member.rawValue, member.price == nil ? .text : .price,
                    width: member == .value ? 24 : 14)
            }
    }

    private func cells(_ number: DIDNumber) -> [String] {
        (hasIDs ? [String(number.id)] : [])
            + NumberContent.Member.allCases.map { number.content.text(of: $0) }
    }

    private func writeCSV(_ number: DIDNumber, to text: inout [UInt8]) {
        if hasIDs {
            text += String(number.id).utf8
            text.append(style.separator.byte)
        }
        for (index, member) in NumberContent.Member.allCases.enumerated() {
            if index > 0 { text.append(style.separator.byte) }
            let value = number.content.text(of: member)
            let isPrice = member.price != nil && style.separator == .semicolon
            writeCell(isPrice ? priceCell(value) : value, to: &text)
        }
        text += "\r\n".utf8
    }

    /// A price between semicolons. Three decimals could be a group of thousands, so they become four.
    private func priceCell(_ price: String) -> String {
        let text = price.utf8.suffix(4).first == UInt8(ascii: ".") ? price + "0" : price
        return style.decimal == .comma ? text.replacing(".", with: ",") : text
    }

    private func writeCell(_ value: String, to text: inout [UInt8]) {
        let (separator, quote) = (style.separator.byte, UInt8(ascii: "\""))
        let isQuoted = value.utf8.contains {
            $0 == separator || $0 == quote || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n")
        }
        if isQuoted { text.append(quote) }
        if FormulaGuard.isNeeded(before: value.utf8.first) { text.append(FormulaGuard.mark) }
        for byte in value.utf8 {
            if byte == quote { text.append(byte) }
            text.append(byte)
        }
        if isQuoted { text.append(quote) }
    }

    private func writeJSON(_ number: DIDNumber, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "{"))
        if hasIDs { text += "\"id\":\(number.id),".utf8 }
        for (index, member) in NumberContent.Member.allCases.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            JSONValue.write(member.rawValue, to: &text)
            text.append(UInt8(ascii: ":"))
            JSONValue.write(number.content.text(of: member), to: &text)
        }
        text += "}\n".utf8
    }
}
