internal import GRDB
internal import Inventory

/// A row that SQLite has found.
struct RowReader: StoredRow {
    let row: Row
    private var position = 0

    init(row: Row) {
        self.row = row
    }

    mutating func text() -> String {
        defer { position += 1 }
        return row[position]
    }

    mutating func integer() -> Int64 {
        defer { position += 1 }
        return row[position]
    }

    var isNull: Bool { row.hasNull(atIndex: position) }

    mutating func skip(_ count: Int) { position += count }
}

extension DIDNumber: FetchableRecord {
    /// The names of ``columns``, as SQL lists them.
    static let columnNames = columns.names

    /// Reads ``columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(from: &reader)
    }
}

extension [StoredColumn] {
    /// A question mark for each, separated by commas.
    var marks: String { map { _ in "?" }.joined(separator: ", ") }
}

extension [StoredValue] {
    var arguments: StatementArguments {
        StatementArguments(
            // As what GRDB takes without a key path for each.
            map { value -> (any DatabaseValueConvertible)? in
                switch value {
                case .text(let text): text
                case .integer(let integer): integer
                case .null: nil
                }
            })
    }
}
