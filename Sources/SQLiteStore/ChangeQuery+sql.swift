internal import Foundation
internal import GRDB
internal import Inventory

extension ChangeQuery {
    /// How many changes there are on all pages.
    func count(in db: Database) throws -> Int {
        let condition = condition
        let statement = try db.cachedStatement(
            sql: "SELECT count(*) FROM change" + condition.sql)
        return try Int.fetchOne(statement, arguments: condition.arguments) ?? 0
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
        return try Change.fetchAll(
            statement, arguments: condition.arguments + [range.limit, range.skipped])
    }

    /// What the changes of all pages have in common.
    private var condition: (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func add(_ condition: String, _ argument: (any DatabaseValueConvertible)?) {
            guard let argument else { return }
            conditions.append(condition)
            arguments += [argument]
        }
        add("username = ?", username)
        add("kind = ?", kind?.rawValue)
        add("id IN (SELECT change FROM change_number WHERE number = ?)", numberID)
        add("at >= ?", from?.wholeMilliseconds)
        add("at < ?", to?.wholeMilliseconds)
        let sql = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return (sql, arguments)
    }
}

extension Change: FetchableRecord {
    /// What ``init(row:)`` reads, as SQL lists it.
    ///
    /// A change is undone where the last of those that take it back and redo it takes it back.
    static let selection = """
        \(ChangeRecord.columns.names(of: "change")), (
            SELECT CASE WHEN (turn.place - coalesce(change.place, 0)) % 2 = 1 THEN turn.id END
            FROM change AS turn WHERE turn.origin = coalesce(change.origin, change.id)
            ORDER BY turn.place DESC LIMIT 1
        )
        """

    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(&reader)
    }

    fileprivate init(_ reader: inout RowReader) throws {
        let record = try ChangeRecord(from: &reader)
        self.init(record, undoneBy: try reader.optionalInteger())
    }
}

extension ChangeRecord: FetchableRecord {
    /// Reads ``columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(from: &reader)
    }
}

extension ChangedNumber: FetchableRecord {
    /// Reads ``columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(from: &reader)
    }
}

extension Note: FetchableRecord {
    /// Reads ``columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(from: &reader)
    }
}

extension HistoryEntry: FetchableRecord {
    /// Reads ``Change/selection`` and ``ChangedNumber/columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        self.init(change: try Change(&reader), number: try ChangedNumber(from: &reader))
    }
}
