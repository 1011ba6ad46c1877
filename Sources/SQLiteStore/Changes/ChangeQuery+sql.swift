internal import Foundation
internal import Inventory
internal import Storage

extension ChangeQuery {
    /// The number of matches on all pages.
    func count(in db: SQLiteConnection) throws -> Int {
        try db.count("SELECT count(*) FROM change" + condition.sql, condition.values)
    }

    /// The changes of the range, in its order.
    func changes(in range: PageRange, of db: SQLiteConnection) throws -> [Change] {
        let condition = condition
        let order = "ORDER BY id " + (range.isFromEnd ? "ASC" : "DESC")
        // The subquery comes first, so only the changes of the page are checked for an undo.
        return try db.rows(
            """
            SELECT \(Change.columns) FROM change
            WHERE id IN (SELECT id FROM change\(condition.sql) \(order) LIMIT ? OFFSET ?)
            \(order)
            """, condition.values + range.place, as: Change.init(row:))
    }

    /// The WHERE clause of all pages.
    private var condition: (sql: String, values: [StoredValue]) {
        var conditions: [String] = []
        var values: [StoredValue] = []
        func add(_ condition: String, _ value: StoredValue?) {
            guard let value else { return }
            conditions.append(condition)
            values.append(value)
        }
        add("username = ?", username.map { .text($0) })
        add("kind = ?", kind.map { .text($0.rawValue) })
        add(
            "id IN (SELECT change FROM change_number WHERE number = ?)",
            numberID.map { .integer($0) })
        add("at >= ?", from.map { .integer($0.wholeMilliseconds) })
        add("at < ?", to.map { .integer($0.wholeMilliseconds) })
        let sql = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return (sql, values)
    }
}

extension PageRange {
    /// The values of `LIMIT ? OFFSET ?`.
    var place: [StoredValue] { .place(limit: limit, skipped: skipped) }
}

extension Change {
    /// The columns that ``init(row:)`` reads.
    ///
    /// A change is undone if the last undo of its chain is an odd number of steps after it.
    static let columns = """
        \(ChangeRecord.columns.names(of: "change")), (
            SELECT CASE WHEN (latest.place - coalesce(change.place, 0)) % 2 = 1 THEN latest.id END
            FROM change AS latest WHERE latest.origin = coalesce(change.origin, change.id)
            ORDER BY latest.place DESC LIMIT 1
        )
        """

    init(row: inout SQLiteRow) throws {
        let record = try ChangeRecord(from: &row)
        self.init(record, undoneBy: try row.optionalInteger())
    }
}
