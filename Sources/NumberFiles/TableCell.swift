internal import Inventory

/// A cell of a table, as users read it.
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

    let text: String
    let form: Form

    init(text: String, form: Form = .text) {
        self.text = text.isPlainCell ? text : text.cleanedCell
        self.form = form
    }

    var isEmpty: Bool { text.isEmpty }

    var isQuoted: Bool {
        if case .quotedText = form { true } else { false }
    }

    var isNumber: Bool {
        if case .number = form { true } else { false }
    }
}

extension String {
    /// Whether nothing can be removed from the cell, as from nearly all cells.
    fileprivate var isPlainCell: Bool {
        guard let first = utf8.first, let last = utf8.last else { return true }
        return 0x28...0x7E ~= first && 0x21...0x7E ~= last && first != UInt8(ascii: "=")
    }

    /// The cell without blanks and invisible marks around it, and without what spreadsheets add to keep
    /// it text: an apostrophe, or `="…"`.
    fileprivate var cleanedCell: String {
        var text = trimmingMarks()
        if text.utf8.first == FormulaGuard.mark {
            text = String(text.unicodeScalars.dropFirst()).trimmingMarks()
        }
        if text.utf8.starts(with: "=\"".utf8), text.utf8.last == UInt8(ascii: "\"") {
            text = String(text.unicodeScalars.dropFirst(2).dropLast()).trimmingMarks()
        }
        return text
    }
}

extension StringProtocol {
    /// The text without blanks and invisible marks around it, such as U+202A or U+FEFF.
    func trimmingMarks() -> String {
        trimming { $0.properties.isWhitespace || $0.properties.generalCategory == .format }
    }
}
