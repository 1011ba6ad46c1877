internal import GRDB
internal import Inventory
internal import Storage

extension SQLiteChangeTransaction {
    func perform(_ change: Int64) throws {
        let extent = try Extent(of: change, in: db)
        guard try extent.isReindexed(NumberQuery().count(in: db)) else {
            return try db.withLargeCache { try perform(change, extent) }
        }
        try db.indexingNumbersAfterwards(onlyAdding: extent.isOnlyAdding) {
            try perform(change, extent)
        }
    }

    /// A number that gets another phone number goes and comes again under its id, after all others
    /// have gone: so numbers may exchange theirs.
    private func perform(_ change: Int64, _ extent: Extent) throws {
        if extent.leaving > 0 {
            try db.execute(
                sql: """
                    DELETE FROM number WHERE id IN (
                        SELECT number FROM change_number
                        WHERE change = ? AND before_digits <> coalesce(after_digits, '')
                    )
                    """, arguments: [change])
        }
        if !extent.changedColumns.isEmpty {
            let assignments = (extent.changedColumns + [.integer("version")]).map { column in
                let source = column.name == "version" ? "version" : "after_" + column.name
                return "\"\(column.name)\" = noted.\"\(source)\""
            }
            try db.execute(
                sql: """
                    UPDATE number SET \(assignments.joined(separator: ", "))
                    FROM change_number AS noted
                    WHERE noted.change = ? AND noted.number = number.id
                        AND noted.before_digits = noted.after_digits
                    """, arguments: [change])
        }
        if extent.arriving > 0 {
            try db.execute(
                sql: """
                    INSERT INTO number (id, \(NumberContent.columns.names), version)
                    SELECT number, \(ChangedNumber.columnsAfter.names), version FROM change_number
                    WHERE change = ? AND after_digits <> coalesce(before_digits, '')
                    ORDER BY number
                    """, arguments: [change])
        }
    }
}

/// How much a change does that is written down.
private struct Extent {
    /// How many numbers go, those among them that come again with another phone number.
    let leaving: Int
    /// How many numbers come.
    let arriving: Int
    /// Whether no number goes, and those that come have ids beyond all that are there.
    let isOnlyAdding: Bool
    /// In which columns numbers change that keep their phone number.
    ///
    /// The others are not written, since SQLite would write their indexes too.
    let changedColumns: [StoredColumn]

    init(of change: Int64, in db: Database) throws {
        let columns = NumberContent.columns.filter { $0.name != "digits" }
        let counts = columns.map { column in
            """
            , coalesce(sum(
                before_digits = after_digits
                AND "before_\(column.name)" <> "after_\(column.name)"
            ), 0)
            """
        }
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT coalesce(sum(before_digits <> coalesce(after_digits, '')), 0),
                    coalesce(sum(after_digits <> coalesce(before_digits, '')), 0),
                    coalesce(sum(before_digits IS NULL AND number > (
                        SELECT coalesce(max(id), 0) FROM number
                    )), 0)\(counts.joined())
                FROM change_number WHERE change = ?
                """, arguments: [change])
        let values = row.map { row in (0..<row.count).map { row[$0] as Int } } ?? []
        leaving = values.first ?? 0
        arriving = values.dropFirst(1).first ?? 0
        isOnlyAdding = leaving == 0 && values.dropFirst(2).first == arriving
        changedColumns = zip(columns, values.dropFirst(3)).filter { $0.1 > 0 }.map(\.0)
    }

    /// Whether it takes less time to make all indexes anew than to change them number by number.
    ///
    /// - Parameter present: How many numbers there are before.
    func isReindexed(_ present: Int) -> Bool {
        let touched = leaving + arriving
        // A number that finds its place in each index takes some twenty times as long as one among
        // all that are sorted.
        return touched > 10_000 && touched * 16 > present + arriving - leaving
    }
}
