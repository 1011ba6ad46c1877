internal import Foundation
internal import Inventory
internal import Storage

extension ChangeQuery {
    /// How many changes there are on all pages.
    func count(in connection: Connection) throws -> Int {
        let condition = condition
        let rows = try connection.query(
            "SELECT count(*) FROM change" + condition.sql, condition.parameters)
        return Int(try rows.first { try $0.integer(0) } ?? 0)
    }

    /// The changes in the range, in its order.
    func changes(in range: PageRange, of connection: Connection) throws -> [Change] {
        let condition = condition
        let order = "ORDER BY id " + (range.isFromEnd ? "ASC" : "DESC")
        let limits = condition.parameters.count
        // Who undid a change is looked up for those of the page alone.
        return try connection.query(
            """
            SELECT \(Change.selection) FROM change WHERE id = ANY (ARRAY(
                SELECT id FROM change\(condition.sql) \(order)
                LIMIT $\(limits + 1)::bigint OFFSET $\(limits + 2)::bigint
            )) \(order)
            """, condition.parameters + [String(range.limit), String(range.skipped)]
        ).map(Change.init(row:))
    }

    /// What the changes of all pages have in common.
    private var condition: (sql: String, parameters: [String]) {
        var conditions: [String] = []
        var parameters: [String] = []
        func add(_ condition: String, _ parameter: String?, _ end: String = "") {
            guard let parameter else { return }
            parameters.append(parameter)
            conditions.append("\(condition) $\(parameters.count)\(end)")
        }
        add("username =", username)
        add("kind =", kind?.rawValue)
        add(
            "id IN (SELECT change FROM change_number WHERE number =", numberID.map(String.init), ")"
        )
        add("at >=", from.map { String($0.wholeMilliseconds) })
        add("at <", to.map { String($0.wholeMilliseconds) })
        let sql = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return (sql, parameters)
    }
}

extension Change {
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

extension ChangeRecord {
    /// Reads ``columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(from: &reader)
    }
}

extension ChangedNumber {
    /// Reads ``columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(from: &reader)
    }
}

extension ChangeEntry {
    /// Reads ``columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(from: &reader)
    }
}

extension HistoryEntry {
    /// Reads ``Change/selection`` and ``ChangedNumber/columns``.
    init(row: Row) throws {
        var reader = RowReader(row: row)
        self.init(change: try Change(&reader), number: try ChangedNumber(from: &reader))
    }
}
