internal import Inventory

struct TableCell: Sendable {
    enum Form: Sendable {
        case text
        /// Quoted text in CSV.
        case quotedText
        /// A number of a workbook: an exact decimal with a point, such as `0.035`.
        case number
        /// A value that no member can have, such as a date of a workbook.
        case invalid(InvalidValue)
    }

    var text: String
    var form = Form.text

    var isEmpty: Bool { text.isEmpty }

    var isQuoted: Bool {
        if case .quotedText = form { true } else { false }
    }

    var isNumber: Bool {
        if case .number = form { true } else { false }
    }

    /// Removes blanks and invisible marks around the text, and what spreadsheets add to keep it text:
    /// an apostrophe, or `="…"`.
    mutating func clean() {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return }
        // Nearly all cells are plain.
        if 0x28...0x7E ~= first, 0x21...0x7E ~= last, first != UInt8(ascii: "=") { return }
        text = text.trimmingMarks()
        if text.utf8.first == FormulaGuard.mark {
            text = String(text.unicodeScalars.dropFirst()).trimmingMarks()
        }
        if text.utf8.starts(with: "=\"".utf8), text.utf8.last == UInt8(ascii: "\"") {
            text = String(text.unicodeScalars.dropFirst(2).dropLast()).trimmingMarks()
        }
    }
}

extension StringProtocol {
    /// The text without blanks and invisible marks around it, such as U+202A or U+FEFF.
    func trimmingMarks() -> String {
        let isVisible = { (scalar: Unicode.Scalar) in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .format
        }
        guard let start = unicodeScalars.firstIndex(where: isVisible),
            let end = unicodeScalars.lastIndex(where: isVisible)
        else { return "" }
        return String(String.UnicodeScalarView(unicodeScalars[start...end]))
    }
}
