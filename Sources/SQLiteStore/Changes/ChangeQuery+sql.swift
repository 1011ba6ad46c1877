internal import Foundation
internal import GRDB
internal import Inventory
internal import Storage

extension ChangeQuery {
    /// How many changes there are on all pages.
    func count(in db: Database) throws -> Int {
        let condition = condition
        let statement = try db.cachedStatement(
            sql: "SELECT count(*) FROM change" + condition.sql)
        return Int(try Int64.fetchOne(statement, condition.values) ?? 0)
    }

    /// The changes in the range, in its order.
    func changes(in range: PageRange, of db: Database) throws -> [Change] {
        let condition = condition
        let order = "ORDER BY id " + (range.isFromEnd ? "ASC" : "DESC")
        // Who undid a change is looked up for those of the page alone.
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(Change.selection) FROM change
                WHERE id IN (SELECT id FROM change\(condition.sql) \(order) LIMIT ? OFFSET ?)
                \(order)
                """)
        return try Change.fetchAll(statement, condition.values + range.place)
    }

    /// What the changes of all pages have in common.
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
    /// What stands for `LIMIT ? OFFSET ?`.
    var place: [StoredValue] { .place(limit: limit, skipped: skipped) }
}

extension Change: RowReadable {
    /// What ``init(from:)`` reads, as SQL lists it.
    ///
    /// A change is undone where the last of those that take it back and redo it takes it back.
    static let selection = """
        \(ChangeRecord.columns.names(of: "change")), (
            SELECT CASE WHEN (turn.place - coalesce(change.place, 0)) % 2 = 1 THEN turn.id END
            FROM change AS turn WHERE turn.origin = coalesce(change.origin, change.id)
            ORDER BY turn.place DESC LIMIT 1
        )
        """

    init(from row: inout RowReader) throws {
        let record = try ChangeRecord(from: &row)
        self.init(record, undoneBy: try row.optionalInteger())
    }
}

extension HistoryEntry: RowReadable {
    /// Reads ``Change/selection`` and ``ChangedNumber/columns``.
    init(from row: inout RowReader) throws {
        self.init(change: try Change(from: &row), number: try ChangedNumber(from: &row))
    }
}

extension ChangeRecord: RowReadable {}
extension ChangedNumber: RowReadable {}
extension ChangeEntry: RowReadable {}
