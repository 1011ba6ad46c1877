package import Inventory

/// What a client corrects in the rows of a file without changing the file.
package struct RowCorrections: Sendable {
    package typealias Cell = (name: String, text: String)

    private static let mostCells = 200
    private static let mostSkipped = 1000

    /// The new texts of a line's cells.
    private var cells: [Int: [Cell]]
    private var skipped: Set<Int>
    /// The corrected members.
    var names: [String] { cells.values.joined().map(\.name) }
    /// The lines whose row was corrected or skipped.
    private var done: Set<Int> = []

    package init(cells: [Int: [Cell]] = [:], skipped: Set<Int> = []) {
        self.cells = cells
        self.skipped = skipped
    }

    /// Corrects the next rows, and leaves out those to skip.
    mutating func apply(to rows: [FileRow]) -> [FileRow] {
        guard !cells.isEmpty || !skipped.isEmpty || !done.isEmpty else { return rows }
        var kept: [FileRow] = []
        for var row in rows {
            let texts = cells.removeValue(forKey: row.line) ?? []
            if done.contains(row.line) {
                // Rows of JSON can share a line.
                row = FileRow(
                    line: row.line,
                    error: """
                        shares its line with another row, so neither can be corrected or skipped; \
                        write each row on its own line
                        """)
            } else if skipped.remove(row.line) != nil {
                done.insert(row.line)
                continue
            } else if !texts.isEmpty {
                done.insert(row.line)
                for (name, text) in texts { row.correct(name, text) }
            }
            kept.append(row)
        }
        return kept
    }

    /// The errors of the lines that no row had.
    var errors: [FileRow] {
        skipped.union(cells.keys).sorted().map { line in
            FileRow(
                line: line,
                error: "does not exist, so it cannot be corrected or skipped")
        }
    }
}

extension RowCorrections {
    /// Reads items such as `12:monthyPrice:0.05`, one a line.
    package static func cells(_ text: String) throws(InvalidValue) -> [Int: [Cell]] {
        let items = text.utf8.split(separator: UInt8(ascii: "\n"))
        guard items.count <= mostCells else {
            throw InvalidValue("corrects \(items.count) cells; at most \(mostCells)")
        }
        let names = ["id"] + NumberContent.Member.names
        var cells: [Int: [Cell]] = [:]
        for item in items {
            let parts = item.split(
                separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let line = Int(line: parts[0]),
                let name = names.first(where: { $0.utf8.elementsEqual(parts[1]) })
            else {
                throw InvalidValue(
                    """
                    must be a line, one of \(names.joined(separator: ", ")) and a text, such as \
                    12:monthyPrice:0.05
                    """)
            }
            guard cells[line]?.contains(where: { $0.name == name }) != true else {
                throw InvalidValue("corrects \(name) of line \(line) twice")
            }
            cells[line, default: []].append((name, String(Substring(parts[2]))))
        }
        return cells
    }

    /// Reads lines such as `3,17`.
    package static func lines(_ text: String) throws(InvalidValue) -> Set<Int> {
        let items = text.utf8.split(separator: UInt8(ascii: ","))
        guard items.count <= mostSkipped else {
            throw InvalidValue("has \(items.count) lines; at most \(mostSkipped)")
        }
        let lines = items.compactMap(Int.init(line:))
        guard lines.count == items.count else { throw InvalidValue("must be lines such as 3,17") }
        return Set(lines)
    }
}

extension Int {
    /// Reads the number of a line, from 1.
    fileprivate init?(line text: Substring.UTF8View) {
        guard text.allSatisfy(\.isDigit), let line = Int(Substring(text)), line > 0 else {
            return nil
        }
        self = line
    }
}
