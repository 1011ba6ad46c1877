/// Writes a workbook with one table in pieces: the least that ECMA-376 requires.
package struct WorkbookWriter: Sendable {
    package enum Format: Int, Sendable {
        case integer, text
        /// A number with two to four decimals.
        case price
    }

    package struct Column: Sendable {
        let name: String
        let format: Format
        /// In digits of the default font.
        let width: Int

        package init(_ name: String, _ format: Format, width: Int) {
            (self.name, self.format, self.width) = (name, format, width)
        }
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    private let columns: [Column]
    private let archive = ZipWriter()
    private var row = 0

    /// - Parameter columns: At most 26.
    package init(_ columns: [Column]) {
        precondition(columns.count <= Self.letters.count)
        self.columns = columns
    }

    /// Returns the bytes before the rows: the other files, and the row with the columns' names.
    package mutating func begin() -> [UInt8] {
        for (name, content) in WorkbookParts.all {
            archive.begin(name)
            archive.write(Array(content.utf8))
            archive.end()
        }
        archive.begin(WorkbookParts.sheet)
        var xml = Array(WorkbookParts.sheetBeginning(columns).utf8)
        append(columns.map(\.name), to: &xml)
        archive.write(xml)
        return archive.take()
    }

    /// Returns the bytes that are complete, which may belong to earlier rows.
    ///
    /// - Parameter rows: A text for each column.
    package mutating func write(_ rows: [[String]]) throws(TooManyRows) -> [UInt8] {
        guard row + rows.count <= Workbook.mostRows else { throw TooManyRows() }
        var xml: [UInt8] = []
        for row in rows { append(row, to: &xml) }
        archive.write(xml)
        return archive.take()
    }

    package mutating func end() -> [UInt8] {
        archive.write(Array("</sheetData></worksheet>".utf8))
        archive.end()
        archive.finish()
        return archive.take()
    }

    private mutating func append(_ cells: [String], to xml: inout [UInt8]) {
        // The first row has the names.
        let isHeader = row == 0
        row += 1
        let number = Array(String(row).utf8)
        xml += "<row r=\"".utf8
        xml += number
        xml += "\">".utf8
        for (index, cell) in cells.enumerated() {
            let format = isHeader ? .text : columns[index].format
            xml += "<c r=\"".utf8
            xml.append(Self.letters[index])
            xml += number
            xml += format.cell.beginning
            Self.append(cell, to: &xml)
            xml += format.cell.end
        }
        xml += "</row>".utf8
    }

    private static func append(_ text: String, to xml: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): xml += "&amp;".utf8
            case UInt8(ascii: "<"): xml += "&lt;".utf8
            case UInt8(ascii: ">"): xml += "&gt;".utf8
            default: xml.append(byte)
            }
        }
    }
}

package struct TooManyRows: Error, Equatable, CustomStringConvertible {
    package let description =
        "An Excel workbook has room for \(Workbook.mostRows) rows: filter the numbers, or use CSV."
}

extension WorkbookWriter.Format {
    /// The text around the content of a cell. A cell of text has its own text, so that a million
    /// texts need not be kept until the end.
    fileprivate var cell: (beginning: String.UTF8View, end: String.UTF8View) {
        switch self {
        case .integer: ("\"><v>".utf8, "</v></c>".utf8)
        case .price: ("\" s=\"2\"><v>".utf8, "</v></c>".utf8)
        case .text: ("\" s=\"1\" t=\"inlineStr\"><is><t>".utf8, "</t></is></c>".utf8)
        }
    }
}
