package import Foundation
package import Inventory

/// The methods of `ChangeStore` that read.
extension SQLStore {
    package func listChanges(_ query: ChangeQuery) async throws -> Page<Change> {
        try await reading { transaction in
            let (condition, values) = query.condition
            let total = try transaction.count("SELECT count(*) FROM change" + condition, values)
            return try query.paging.page(of: total) { range in
                let order = "ORDER BY id " + (range.isFromEnd ? "ASC" : "DESC")
                let place = "LIMIT $\(values.count + 1) OFFSET $\(values.count + 2)"
                // The inner query selects the page, so undos are looked up only for its changes.
                return try transaction.rows(
                    """
                    SELECT \(Change.selection)
                    FROM (SELECT * FROM change\(condition) \(order) \(place)) AS change \(order)
                    """, values + range.limitAndOffset, as: Change.init(selected:))
            }
        }
    }

    package func change(_ id: Int64) async throws -> Change {
        try await reading { try $0.change(id) }
    }

    package func changedNumbers(
        ofChange id: Int64, _ paging: Paging
    ) async throws -> Page<ChangedNumber> {
        try await reading { transaction in
            try paging.page(of: transaction.change(id).count) { range in
                try transaction.rows(
                    """
                    SELECT \(ChangedNumber.columns.names) FROM change_number WHERE change = $1
                    ORDER BY number \(range.isFromEnd ? "DESC" : "ASC") LIMIT $2 OFFSET $3
                    """, [.integer(id)] + range.limitAndOffset, as: ChangedNumber.init)
            }
        }
    }

    package func history(
        ofNumber id: Int64, _ paging: Paging
    ) async throws -> Page<HistoryEntry> {
        try await reading { transaction in
            let total = try transaction.count(
                "SELECT count(*) FROM change_number WHERE number = $1", [.integer(id)])
            if total == 0 {
                let count = try transaction.count(
                    "SELECT count(*) FROM number WHERE id = $1", [.integer(id)])
                guard count > 0 else { throw InventoryError.noSuchNumber(id: id) }
            }
            return try paging.page(of: total) { range in
                try transaction.rows(
                    """
                    SELECT \(Change.selection), \(ChangedNumber.columns.names)
                    FROM change_number JOIN change ON change.id = change_number.change
                    WHERE change_number.number = $1
                    ORDER BY change_number.change \(range.isFromEnd ? "ASC" : "DESC")
                    LIMIT $2 OFFSET $3
                    """, [.integer(id)] + range.limitAndOffset
                ) { row in
                    HistoryEntry(
                        change: try Change(selected: &row), number: try ChangedNumber(from: &row))
                }
            }
        }
    }

    package func countChanges(before date: Date) async throws -> Int {
        try await selecting { transaction in
            try transaction.count(
                "SELECT count(*) FROM change" + Change.isOlder, [.integer(date.wholeMilliseconds)])
        }
    }
}

extension SQLTransaction {
    /// - Throws: ``InventoryError/noSuchChange(id:oldest:)``.
    fileprivate func change(_ id: Int64) throws -> Change {
        guard let change = try findChange(id) else {
            throw InventoryError.noSuchChange(id: id, oldest: try oldestChange())
        }
        return change
    }

    package func findChange(_ id: Int64) throws -> Change? {
        try row(
            "SELECT \(Change.selection) FROM change WHERE id = $1", [.integer(id)],
            as: Change.init(selected:))
    }

    package func oldestChange() throws -> Int64? {
        try row("SELECT id FROM change ORDER BY id LIMIT 1") { try $0.integer() }
    }
}

extension ChangeQuery {
    /// The condition of the changes on all pages.
    fileprivate var condition: (sql: String, values: [StoredValue]) {
        var conditions: [String] = []
        var values: [StoredValue] = []
        func add(_ condition: String, _ value: StoredValue?, _ end: String = "") {
            guard let value else { return }
            values.append(value)
            conditions.append("\(condition) $\(values.count)\(end)")
        }
        add("username =", username.map { .text($0) })
        add("kind =", kind.map { .text($0.rawValue) })
        add(
            "id IN (SELECT change FROM change_number WHERE number =",
            numberID.map { .integer($0) }, ")")
        add("at >=", from.map { .integer($0.wholeMilliseconds) })
        add("at <", to.map { .integer($0.wholeMilliseconds) })
        let sql = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return (sql, values)
    }
}

extension Change {
    /// The columns that ``init(selected:)`` reads.
    ///
    /// A change is undone if the last undo or redo of its chain undoes it.
    fileprivate static let selection = """
        \(Change.columns.names(of: "change")), (
            SELECT CASE WHEN (turn.place - coalesce(change.place, 0)) % 2 = 1 THEN turn.id END
            FROM change AS turn WHERE turn.origin = coalesce(change.origin, change.id)
            ORDER BY turn.place DESC LIMIT 1
        )
        """

    fileprivate init(selected row: inout some StoredRow) throws {
        try self.init(from: &row)
        undoneBy = try row.optionalInteger()
    }

    /// The condition of the changes that are older than the time `$1`, in the order of ids.
    ///
    /// Clocks may go back. Pruning removes all changes before an id, so no change of a number
    /// outlives a later one.
    package static let isOlder = """
         WHERE id < coalesce(
            (SELECT min(id) FROM change WHERE at >= $1), (SELECT max(id) + 1 FROM change))
        """
}
