internal import Inventory

extension SQLTransaction {
    package func errors(in subject: CheckSubject) throws -> IntegrityErrors {
        switch subject {
        case .storage: try storageErrors()
        case .references:
            try errors(Self.brokenReferences) { row in
                .references(
                    table: try row.text(), parent: try row.text(), count: try row.integer())
            }
        case .counts:
            try errors(Self.wrongCounts) { row in
                .count(
                    currency: try row.text(), kept: try row.integer(), found: try row.integer())
            }
        case .search: try searchErrors()
        case .values: IntegrityErrors()
        case .history:
            try errors(Self.otherContents) { row in
                .history(number: try row.integer(), change: try row.integer())
            }
        case .changes:
            try errors(Self.wrongChanges) { row in
                .change(id: try row.integer(), kept: try row.integer(), found: try row.integer())
            }
        }
    }

    /// - Parameter sql: A query whose first column counts all of its rows, also unlisted ones.
    package func errors(
        _ sql: String, _ read: (inout Row) throws -> IntegrityError
    ) throws -> IntegrityErrors {
        var total = 0
        let first = try rows(sql + " LIMIT \(IntegrityErrors.most)") { row in
            total = try row.count()
            return try read(&row)
        }
        return IntegrityErrors(total: total, first: first)
    }

    private static var wrongCounts: String {
        """
        SELECT count(*) OVER (), currency, kept, found FROM (
            SELECT currency, sum(kept) AS kept, sum(found) AS found FROM (
                SELECT currency, count AS kept, 0 AS found FROM number_count
                UNION ALL SELECT currency, 0, count(*) FROM number GROUP BY currency
            ) AS both_counts GROUP BY currency
        ) AS sums WHERE kept <> found ORDER BY currency
        """
    }

    /// Selects the numbers that differ from the last entry of their history. A later version is no
    /// error: a program from before the history may have changed the number.
    private static var otherContents: String {
        """
        SELECT count(*) OVER (), number.id, entry.change FROM number \(joinWithLastEntry)
        WHERE entry.after_digits IS NULL OR number.version < entry.version
            OR number.version = entry.version
                AND NOT coalesce(
                    (\(NumberContent.columns.names(of: "number")))
                        = (\(ChangedNumber.columnsAfter.names(of: "entry"))), FALSE)
        ORDER BY number.id
        """
    }

    private static var wrongChanges: String {
        """
        SELECT count(*) OVER (), change.id, change.count, count(entry.number) FROM change
        LEFT JOIN change_number AS entry ON entry.change = change.id
        GROUP BY change.id HAVING count(entry.number) <> change.count ORDER BY change.id
        """
    }
}
