internal import Foundation

/// A row of a sheet that has cells.
package struct SheetRow: Equatable, Sendable {
    /// The row's number in the sheet, from 1.
    package let number: Int
    package let isHidden: Bool
    /// The cells up to the last that is not empty.
    package var cells: [Cell] = []
    /// Whether there are cells beyond ``SheetReader/mostColumns``, which are not in ``cells``.
    package var isTooWide = false
}

/// Reads the rows of a sheet, one at a time (ECMA-376-1, 18.3).
package struct SheetReader: Sendable {
    package static let mostColumns = 64
    /// Bounds the texts that cells may repeat: each counts as often as a cell has it.
    private static let mostTextBytes = 512 * 1024 * 1024

    private var xml: XMLReader
    private let strings: SharedStrings
    private let kinds: NumberKinds
    private let isFrom1904: Bool
    private var isInRows = false
    private var row = 0
    private var textBytes = 0

    /// The number of the file's bytes up to the current row.
    package var position: Int { xml.end }

    init(
        _ xml: XMLReader, _ strings: SharedStrings, _ kinds: NumberKinds, isFrom1904: Bool
    ) {
        (self.xml, self.strings, self.kinds) = (xml, strings, kinds)
        self.isFrom1904 = isFrom1904
    }

    /// Returns the next row, which may have no cells; nil after the last.
    package mutating func next() throws(UnreadableWorkbook) -> SheetRow? {
        while let event = try xml.next() {
            switch event {
            case .start(let element) where isInRows:
                return try readRow(element)
            case .start(let element) where xml.depth == 2 && element.name == "sheetData":
                isInRows = true
            case .end where isInRows: return nil
            default: break
            }
        }
        return nil
    }

    private mutating func readRow(_ element: XMLElement) throws(UnreadableWorkbook) -> SheetRow {
        // Without a number, rows and cells follow each other without gaps.
        let number = element["r"].map { Int($0) ?? 0 } ?? row + 1
        guard number > row else { throw .damaged("its rows are not in order after row \(row)") }
        guard number <= Workbook.mostRows else {
            throw .damaged("it has more than \(Workbook.mostRows) rows")
        }
        row = number
        let isHidden = element["hidden"].map { $0 == "1" || $0 == "true" } ?? false
        var result = SheetRow(number: number, isHidden: isHidden)
        let depth = xml.depth
        var column = 0
        while xml.depth >= depth, let event = try xml.next() {
            guard case .start(let element) = event else { continue }
            let next = element["r"].map(Self.column) ?? column + 1
            guard next > column, next <= Workbook.mostColumns else {
                throw .damaged("its cells are not in order in row \(row)")
            }
            column = next
            let cell = try readCell(element)
            guard cell != .empty else { continue }
            guard column <= Self.mostColumns else {
                result.isTooWide = true
                continue
            }
            result.cells += Array(repeating: .empty, count: column - 1 - result.cells.count)
            result.cells.append(cell)
        }
        return result
    }

    /// The number of the column of a cell such as `AB12`, from 1; 0 if it is invalid.
    private static func column(_ reference: String) -> Int {
        reference.utf8.prefix(4).prefix { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
            .reduce(0) { $0 * 26 + Int($1 - UInt8(ascii: "A")) + 1 }
    }

    private mutating func readCell(_ element: XMLElement) throws(UnreadableWorkbook) -> Cell {
        let depth = xml.depth
        var value: [UInt8]?
        var inline: [UInt8] = []
        var hasFormula = false
        while xml.depth >= depth, let event = try xml.next() {
            guard case .start(let part) = event else { continue }
            switch part.name {
            case "v": value = try xml.readText { _ in true }
            case "is": inline = try xml.readString()
            default:
                hasFormula = hasFormula || part.name == "f"
                try xml.skipElement()
            }
        }
        if element["t"] == "inlineStr" { return try text(inline[...]) }
        guard let value, !value.isEmpty || element["t"] == "str" else {
            return hasFormula ? .other(.formula, text: "=") : .empty
        }
        return try cell(value, type: element["t"] ?? "n", style: element["s"])
    }

    private mutating func cell(
        _ value: [UInt8], type: String, style: String?
    ) throws(UnreadableWorkbook) -> Cell {
        let content = String(decoding: value, as: UTF8.self)
        switch type {
        case "s":
            guard let index = Int(content), let shared = strings[index] else {
                throw .damaged("a text in row \(row) is missing")
            }
            return try text(shared)
        case "str": return try text(value[...].unescapingCharacters[...])
        case "b": return .other(.boolean, text: content == "0" ? "FALSE" : "TRUE")
        case "e": return .other(.error, text: content)
        case "d": return .other(.date, text: content)
        default:
            guard let number = ShownDecimal.text(content) else {
                throw .damaged("a number in row \(row) is invalid")
            }
            return switch kinds[style.flatMap { Int($0) } ?? 0] {
            case .decimal: .number(number)
            case .percentage: .other(.percentage, text: number)
            case .date: .other(.date, text: date(number))
            }
        }
    }

    /// A number of days as a date, such as `2026-07-01` or `2026-07-01 12:30`
    /// (ECMA-376-1, 18.17.4.1). A time without a date stays a number.
    private func date(_ number: String) -> String {
        guard let stored = Double(number) else { return number }
        let days = stored + (isFrom1904 ? 1462 : 0)
        // Excel counts a February 29 in 1900, and ends with the year 9999.
        guard 61..<2_958_466 ~= days else { return number }
        let seconds = ((days - 25_569) * 86_400).rounded()
        let text = Date(timeIntervalSince1970: seconds).ISO8601Format()
        let time =
            seconds.truncatingRemainder(dividingBy: 86_400) == 0
            ? "" : " \(text.dropFirst(11).prefix(5))"
        return text.prefix(10) + time
    }

    private mutating func text(_ bytes: ArraySlice<UInt8>) throws(UnreadableWorkbook) -> Cell {
        textBytes += bytes.count
        guard textBytes <= Self.mostTextBytes else {
            throw UnreadableWorkbook(
                reason: "has more than \(Self.mostTextBytes / 1024 / 1024) MiB of texts")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .damaged("row \(row) is not UTF-8")
        }
        return text.isEmpty ? .empty : .text(text)
    }
}

extension ArraySlice<UInt8> {
    /// The text with the characters that XML cannot contain: Excel writes them as `_x000D_`
    /// (ECMA-376-1, 22.9.2.19).
    var unescapingCharacters: [UInt8] {
        var result: [UInt8] = []
        var rest = self
        while let byte = rest.popFirst() {
            let code = rest.prefix(6)
            if byte == UInt8(ascii: "_"), code.count == 6, code.first == UInt8(ascii: "x"),
                code.last == byte,
                code.dropFirst().dropLast().allSatisfy(\.isHexadecimal),
                let number = UInt32(
                    String(decoding: code.dropFirst().dropLast(), as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(number)
            {
                result += String(scalar).utf8
                rest = rest.dropFirst(6)
            } else {
                result.append(byte)
            }
        }
        return result
    }
}
