internal import Inventory
internal import JSON

extension TableHeader {
    /// - Parameter separator: What separates the cells in CSV; nil in a workbook, which leaves out
    ///   empty cells at the end.
    func row(
        _ cells: [TableCell], line: Int, separator: CSVStyle.Separator?
    ) -> FileRow {
        guard separator != nil || cells.count >= columns.count else {
            // Rows of a workbook end at the last cell with content.
            let missing = columns.count - cells.count
            let empty = Array(repeating: TableCell(text: ""), count: missing)
            return self.row(cells + empty, line: line, separator: separator)
        }
        var row = FileRow(line: line)
        row.members.reserveCapacity(columns.count)
        let isSurplus = cells.dropFirst(columns.count).contains { !$0.isEmpty }
        if isSurplus || cells.count < columns.count {
            row.note(nil, wrongCount(of: cells, separator))
        }
        for (index, (column, cell)) in zip(columns, cells).enumerated() {
            switch column {
            case .ignored, .unknown: continue
            case .nameless where cell.isEmpty: continue
            case .nameless:
                row.note(
                    nil, "has \(cell.text.shortened) in column \(index + 1), which has no name")
            // A table with ids may contain new numbers, whose id is empty.
            case .id where cell.isEmpty: continue
            case .id, .member: row.add(cell, to: column)
            }
        }
        return row
    }

    private func wrongCount(of cells: [TableCell], _ separator: CSVStyle.Separator?) -> String {
        if let advice = otherSeparator(of: cells, separator) { return advice }
        let isShort = cells.count < columns.count
        let count = isShort ? cells.count : (cells.lastIndex { !$0.isEmpty } ?? 0) + 1
        let error =
            "has \(count == 1 ? "1 cell" : "\(count) cells"), and the header \(columns.count)"
        guard !isShort, separator == .comma else { return error }
        let advice = zip(cells, cells.dropFirst()).lazy.compactMap(Self.advice).first
        return error + "; "
            + (advice ?? "quote a price that contains a comma, or separate cells by ;")
    }

    /// The error of a row that other separators, or quotes around the whole row, keep in one piece.
    private func otherSeparator(
        of cells: [TableCell], _ separator: CSVStyle.Separator?
    ) -> String? {
        guard let separator, columns.count > 1 else { return nil }
        let other = CSVStyle.Separator.allCases.first { other in
            cells.reduce(0) { $0 + $1.text.utf8.count { $0 == other.byte } } == columns.count - 1
        }
        guard let other else { return nil }
        if other == separator {
            return cells.count == 1
                ? "is one quoted cell: remove the quotes around the whole line" : nil
        }
        return
            "separates its cells by \(other.name), and the header by \(separator.name): use one of them"
    }

    /// How to write the price that a comma divides into two cells; nil for other cells.
    private static func advice(_ first: TableCell, _ second: TableCell) -> String? {
        guard !first.isQuoted, !second.isQuoted, second.text.utf8.count <= 16,
            1...9 ~= first.text.utf8.count, first.text.utf8.allSatisfy(\.isDigit),
            let digits = DecimalDigits(second.text)
        else { return nil }
        let (joined, price) = (first.text + second.text, first.text + "," + second.text)
        guard digits.whole.utf8.count == 3, first.text.utf8.count <= 3 else {
            return digits.fraction.isEmpty ? "quote \(price), or separate cells by ;" : nil
        }
        return digits.fraction.isEmpty
            ? "\(price) could be \(joined) or \(first.text).\(second.text): write one of these"
            : "write \(joined) instead of \(price)"
    }
}

extension FileRow {
    fileprivate mutating func add(_ cell: TableCell, to column: TableHeader.Column) {
        guard let name = column.memberName else { return }
        members.append((name, .string(cell.text)))
        switch cell.form {
        case .text, .quotedText: break
        case .number:
            if let member = column.member { numbers.append(member) }
        case .invalid(let error): note(name, error.reason)
        }
    }
}
