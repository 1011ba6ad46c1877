internal import CSQLite
internal import Inventory
internal import Storage

extension SQLiteConnection {
    package func perform(_ change: Int64) throws {
        let extent = try ChangeExtent(of: change, in: self)
        guard try extent.rebuildsIndexes(of: count(NumberFilter().countSelection)) else {
            return try withLargeCache { try perform(change, extent) }
        }
        try rebuildingNumberIndexes(onlyAdding: extent.isOnlyAdding) {
            try perform(change, extent)
        }
    }

    /// Deletes and reinserts numbers whose phone number changes. So two numbers can exchange their
    /// phone numbers, which are unique at any time.
    private func perform(_ change: Int64, _ extent: ChangeExtent) throws {
        let values = [StoredValue.integer(change)]
        if extent.deletedCount > 0 {
            try execute(
                """
                DELETE FROM number WHERE id IN (
                    SELECT number FROM change_number
                    WHERE change = $1 AND before_digits <> coalesce(after_digits, '')
                )
                """, values)
        }
        if !extent.changedColumns.isEmpty {
            let assignments = extent.changedColumns.map { column in
                ", \"\(column.name)\" = entry.\"after_\(column.name)\""
            }
            try execute(
                """
                UPDATE number SET version = entry.version\(assignments.joined())
                FROM change_number AS entry
                WHERE entry.change = $1 AND entry.number = number.id
                    AND entry.before_digits = entry.after_digits
                """, values)
        }
        if extent.insertedCount > 0 {
            try execute(
                """
                INSERT INTO number (id, \(NumberContent.columns.names), version)
                SELECT number, \(ChangedNumber.columnsAfter.names), version FROM change_number
                WHERE change = $1 AND after_digits <> coalesce(before_digits, '')
                ORDER BY number
                """, values)
        }
    }
}

/// How much a change affects, which decides how it is performed fastest.
private struct ChangeExtent {
    let deletedCount: Int
    let insertedCount: Int
    /// Whether the change only inserts numbers, with ids greater than all others.
    let isOnlyAdding: Bool
    /// The columns that change in numbers that keep their phone number. Updating other columns
    /// would write their indexes for nothing.
    let changedColumns: [StoredColumn]

    init(of change: Int64, in db: SQLiteConnection) throws {
        let columns = NumberContent.columns.filter { $0.name != "digits" }
        let counts = columns.map { column in
            """
            , coalesce(sum(
                before_digits = after_digits
                AND "before_\(column.name)" <> "after_\(column.name)"
            ), 0)
            """
        }
        let values = try db.row(
            """
            SELECT coalesce(sum(before_digits <> coalesce(after_digits, '')), 0),
                coalesce(sum(after_digits <> coalesce(before_digits, '')), 0),
                coalesce(sum(before_digits IS NULL AND number > (
                    SELECT coalesce(max(id), 0) FROM number
                )), 0)\(counts.joined())
            FROM change_number WHERE change = $1
            """, [.integer(change)]
        ) { row in try (0..<3 + columns.count).map { _ in try row.count() } }
        guard let values else { throw SQLiteError(SQLITE_INTERNAL) }
        (deletedCount, insertedCount) = (values[0], values[1])
        isOnlyAdding = values[0] == 0 && values[2] == values[1]
        changedColumns = zip(columns, values.dropFirst(3)).filter { $0.1 > 0 }.map(\.0)
    }

    /// - Parameter count: How many numbers exist before the change.
    func rebuildsIndexes(of count: Int) -> Bool {
        let touched = deletedCount + insertedCount
        // Inserting a number into the indexes takes twenty times as long as sorting it into new
        // ones, so rebuild them if one of 16 numbers is inserted or deleted.
        return touched > 10_000 && touched * 16 > count + insertedCount - deletedCount
    }
}
