package import Foundation
package import Inventory

extension SQLStore {
    package func listChanges(_ query: ChangeQuery) async throws -> Page<Change> {
        try await transaction(.snapshot) { transaction in
            var condition = SQLCondition()
            let numbers = try transaction.numbers(of: query, &condition)
            let source = Change.source(of: numbers)
            query.add(to: &condition)
            let isCached = query.number == nil && query.kinds.count <= 1
            let total = try transaction.count(
                "SELECT count(*) FROM \(source)\(condition.sql)", condition.values,
                isCached: isCached)
            return try query.paging.page(of: total) { range in
                let order = "ORDER BY id " + (range.isFromEnd ? "ASC" : "DESC")
                // The inner query selects the page, so undos are looked up only for its changes.
                let found = try transaction.rows(
                    """
                    SELECT \(Change.selection), \(numbers == nil ? "NULL" : "found")
                    FROM (
                        SELECT * FROM \(source)\(condition.sql) \(order) \(condition.window)
                    ) AS change \(order)
                    """, condition.values + range.limitAndOffset, isCached: isCached
                ) { row in (change: try Change(selected: &row), number: try row.optionalInteger()) }
                return try transaction.addingNumbers(to: found)
            }
        }
    }

    package func change(_ id: Int64) async throws -> Change {
        try await transaction(.snapshot) { transaction in
            try transaction.addingNumbers(to: [(transaction.existingChange(id), nil)])[0]
        }
    }

    package func changedNumbers(
        ofChange id: Int64, _ paging: Paging
    ) async throws -> Page<ChangedNumber> {
        try await transaction(.snapshot) { transaction in
            try paging.page(of: transaction.existingChange(id).count) { range in
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
        try await transaction(.snapshot) { transaction in
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
        try await transaction(.query) { transaction in
            try transaction.count(
                "SELECT count(*) FROM change" + Change.isOlder, [.integer(date.wholeMilliseconds)])
        }
    }

    package func pruneChanges(before date: Date) async throws -> Int {
        try await transaction(.longWrite) { transaction in
            try transaction.liftTimeLimits()
            try transaction.useIndexes()
            let oldest = try transaction.rows(
                "SELECT id, count FROM change\(Change.isOlder) ORDER BY id LIMIT $2",
                [.integer(date.wholeMilliseconds), .integer(Int64(Pruning.mostChanges))]
            ) { row in (id: try row.integer(), count: try row.count()) }
            guard let step = Pruning(oldest) else { return 0 }
            // Delete changes before their entries. An undo locks the row of its change, so pruning
            // waits for the undo, which still reads the entries.
            for table in ["change WHERE id", "change_number WHERE change"] {
                try transaction.change("DELETE FROM \(table) <= $1", [.integer(step.lastID)])
            }
            return step.count
        }
    }
}

extension SQLStore {
    package func undoChange(
        _ id: Int64, by author: Author, once request: IdempotentRequest<Change>?
    ) async throws -> Change {
        try await changingNumbers(once: request) { try $0.undo(id, by: author) }
    }

    package func preview(_ bulk: BulkChange) async throws -> BulkPreview {
        try await transaction(.snapshot) { try BulkPlan(bulk, on: $0).preview }
    }

    package func changeNumbers(
        _ bulk: BulkChange, by author: Author, once request: IdempotentRequest<BulkOutcome>?,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> BulkOutcome {
        try await changingNumbers(once: request) {
            try $0.apply(bulk, by: author, if: isExpected)
        }
    }

    package func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author,
        once request: IdempotentRequest<ImportReport>?, _ rows: StagedRows
    ) async throws -> ImportReport {
        try await withCancellation { cancellation in
            guard !isDryRun else {
                return try await transaction(.longSnapshot, unless: cancellation) {
                    try $0.importNumbers(mode, isDryRun: true, by: author, rows, cancellation)
                }
            }
            do {
                return try await changingNumbers(once: request, unless: cancellation) {
                    try $0.importNumbers(mode, isDryRun: false, by: author, rows, cancellation)
                }
            } catch let nothing as NothingImported {
                return nothing.report
            }
        }
    }

    /// The transaction locks the numbers that it changes before it takes the id of its change. So
    /// the ids of a number's changes are in the order of the changes. The transaction is retried if
    /// it conflicts with another change or undo.
    private func changingNumbers<Value: Sendable>(
        operation: String = #function, once request: IdempotentRequest<Value>?,
        unless cancellation: Cancellation? = nil,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await transaction(.longWrite, operation: operation, unless: cancellation) {
            transaction in
            try transaction.perform(request) {
                try transaction.liftTimeLimits()
                return try body(transaction)
            }
        }
    }
}

extension SQLTransaction {
    fileprivate func existingChange(_ id: Int64) throws -> Change {
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

extension SQLTransaction {
    /// How many numbers with the digits of a query are found once, not for the count and for the
    /// page of its changes.
    private static var mostFound: Int { 5000 }

    /// The condition for the entries of the numbers that a query is about; nil for all numbers.
    fileprivate func numbers(
        of query: ChangeQuery, _ condition: inout SQLCondition
    ) throws -> String? {
        var terms: [String] = []
        if let digits = query.number {
            terms.append(try numbers(endingWith: digits, &condition))
        }
        if let id = query.numberID {
            terms.append("number = \(condition.parameter(.integer(id)))")
        }
        return terms.isEmpty ? nil : terms.joined(separator: " AND ")
    }

    /// The condition for the entries of the numbers that end with the digits now, or once did.
    private func numbers(
        endingWith digits: DigitSuffix, _ condition: inout SQLCondition
    ) throws -> String {
        condition = try self.condition(of: NumberFilter(suffix: digits))
        let end = String(digits.digits.suffix(DigitSuffix.leastDigits))
        // Numbers that gave these digits up have a partial index by their last three.
        let found = """
            SELECT id FROM number\(condition.endClause())
            UNION SELECT number FROM change_number
            WHERE substr(before_digits, length(before_digits) - 2)
                    = \(condition.parameter(.text(end)))
                AND before_digits LIKE \(condition.parameter(.text(digits.pattern)))
                AND before_digits <> coalesce(after_digits, '')
            """
        let ids = try rows(
            "\(found) LIMIT \(Self.mostFound + 1)", condition.values, isCached: false
        ) { try $0.integer() }
        guard ids.count <= Self.mostFound else { return "number IN (\(found))" }
        condition = SQLCondition()
        // For a user or a kind, PostgreSQL might read all changes.
        try useIndexes()
        // No number has the id 0, and the list must not be empty.
        return "number IN (\(([0] + ids).map(String.init).joined(separator: ", ")))"
    }

    /// Reads the number that was found for each change, or the only one of each.
    fileprivate func addingNumbers(
        to found: [(change: Change, number: Int64?)]
    ) throws -> [Change] {
        let keys = found.compactMap { change, number in number.map { "(\(change.id), \($0))" } }
        let single = found.map(\.change).filter { $0.count == 1 }.map { String($0.id) }
        guard !keys.isEmpty || !single.isEmpty else { return found.map(\.change) }
        // For (change, number) IN (VALUES …), SQLite would read the whole history.
        let source =
            keys.isEmpty
            ? "change_number WHERE change IN (\(single.joined(separator: ", ")))"
            : """
            (VALUES \(keys.joined(separator: ", "))) AS key
            JOIN change_number ON change = column1 AND number = column2
            """
        let entries = try rows(
            "SELECT change, \(ChangedNumber.columns.names) FROM \(source)", isCached: false
        ) { row in (change: try row.integer(), number: try ChangedNumber(from: &row)) }
        let numbers = Dictionary(entries.map { ($0.change, $0.number) }) { first, _ in first }
        return found.map { change, _ in
            var change = change
            change.number = numbers[change.id]
            return change
        }
    }
}

extension ChangeQuery {
    fileprivate func add(to condition: inout SQLCondition) {
        func add(_ term: String, _ value: StoredValue?) {
            guard let value else { return }
            condition.add("\(term) \(condition.parameter(value))")
        }
        add("username =", username.map { .text($0) })
        if !kinds.isEmpty {
            let names = kinds.map { condition.parameter(.text($0.rawValue)) }
            condition.add("kind IN (\(names.joined(separator: ", ")))")
        }
        add("at >=", from.map { .integer($0.wholeMilliseconds) })
        add("at <", to.map { .integer($0.wholeMilliseconds) })
    }
}

extension Change {
    /// The changes of the entries that `numbers` selects, each with the first number as `found`.
    fileprivate static func source(of numbers: String?) -> String {
        guard let numbers else { return "change" }
        return """
            (
                SELECT change AS id, min(number) AS found FROM change_number
                WHERE \(numbers) GROUP BY change
            ) AS entry JOIN change USING (id)
            """
    }

    /// A change has the place 0 in its chain, its undo 1, the undo of that undo 2, and so on. It is
    /// undone if the place of the chain's last undo minus its own is odd.
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

    /// Selects the changes with smaller ids than the first change at or after the time `$1`. A
    /// clock may go back, so comparing times alone could select a change but not an earlier one.
    fileprivate static let isOlder = """
         WHERE id < coalesce(
            (SELECT min(id) FROM change WHERE at >= $1), (SELECT max(id) + 1 FROM change))
        """
}
