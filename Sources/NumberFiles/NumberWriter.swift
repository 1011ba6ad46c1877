package import Inventory
internal import JSON

/// Writes numbers as a file. Reading the file gives the same contents.
package struct NumberWriter: Sendable {
    private let format: FileFormat
    private let style: CSVStyle
    private let hasIDs: Bool

    /// - Parameter format: One of ``FileFormat/written``.
    /// - Parameter hasIDs: Whether rows have ids, which only the same inventory can import.
    package init(format: FileFormat, style: CSVStyle = .standard, hasIDs: Bool = false) {
        precondition(FileFormat.written.contains(format), "\(format) is only read")
        self.format = format
        self.style = style
        self.hasIDs = hasIDs
    }

    /// The bytes before the rows: in CSV a byte order mark, without which some spreadsheets read `€`
    /// as `â‚¬`, and the names of the members.
    package var beginning: [UInt8] {
        guard format == .csv else { return [] }
        let names = (hasIDs ? ["id"] : []) + NumberContent.Member.names
        return Array(("\u{FEFF}" + names.joined(separator: style.separator.rawValue) + "\r\n").utf8)
    }

    package func write(_ numbers: [DIDNumber], to text: inout [UInt8]) {
        for number in numbers {
            if format == .csv { writeCSV(number, to: &text) } else { writeJSON(number, to: &text) }
        }
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
