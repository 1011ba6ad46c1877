internal import Inventory
internal import Storage

extension PostgresTransfer {
    func errors(in subject: CheckSubject) throws -> IntegrityErrors {
        switch subject {
        case .storage: try errors(Self.invalid) { .storage("\($0.text()) is not valid") }
        case .references:
            try errors(Self.references) {
                .references(table: $0.text(), parent: $0.text(), count: try $0.integer())
            }
        case .counts:
            try errors(Self.counts) {
                .count(currency: $0.text(), kept: try $0.integer(), found: try $0.integer())
            }
        // PostgreSQL cannot list the entries of an index.
        case .search, .values: IntegrityErrors()
        case .history:
            try errors(Self.history) {
                .history(number: try $0.integer(), change: try $0.integer())
            }
        case .changes:
            try errors(Self.changes) {
                .change(id: try $0.integer(), kept: try $0.integer(), found: try $0.integer())
            }
        }
    }

    /// - Parameter sql: Its first column is the count of all rows.
    private func errors(
        _ sql: String, _ error: (inout RowReader) throws -> IntegrityError
    ) throws -> IntegrityErrors {
        var total: Int64 = 0
        let first = try transaction.rows(sql + " LIMIT \(IntegrityErrors.most)") { row in
            total = try row.integer()
            return try error(&row)
        }
        return IntegrityErrors(total: Int(total), first: first)
    }

    /// Unfinished indexes, and constraints that were not checked on older rows.
    private static let invalid = """
        SELECT count(*) OVER (), name FROM (
            SELECT 'index ' || indexrelid::regclass AS name FROM pg_index
            WHERE NOT indisvalid AND indrelid IN (
                'number'::regclass, 'number_count'::regclass, '"user"'::regclass,
                'session'::regclass, 'change'::regclass, 'change_number'::regclass,
                'idempotency_key'::regclass
            )
            UNION ALL
            SELECT 'constraint ' || conname FROM pg_constraint
            WHERE NOT convalidated AND connamespace = to_regnamespace(current_schema())
        ) AS parts ORDER BY name
        """

    private static let references = """
        SELECT count(*) OVER (), 'session', 'user', found FROM (
            SELECT count(*) AS found FROM session
            LEFT JOIN "user" ON "user".id = session."userID" WHERE "user".id IS NULL
        ) AS lost WHERE found > 0
        """

    private static let counts = """
        SELECT count(*) OVER (), currency, kept, found FROM (
            SELECT currency, sum(kept) AS kept, sum(found) AS found FROM (
                SELECT currency, count AS kept, 0 AS found FROM number_count
                UNION ALL SELECT currency, 0, count(*) FROM number GROUP BY currency
            ) AS both_counts GROUP BY currency
        ) AS sums WHERE kept <> found ORDER BY currency
        """

    // A program without history may have changed a number, which then has a later version.
    private static let history = """
        SELECT count(*) OVER (), number.id, noted.change FROM number
        JOIN (
            SELECT DISTINCT ON (number) * FROM change_number ORDER BY number, change DESC
        ) AS noted ON noted.number = number.id
        WHERE noted.after_digits IS NULL OR number.version < noted.version
            OR number.version = noted.version
                AND (\(NumberContent.columns.names(of: "number")))
                    IS DISTINCT FROM (\(ChangedNumber.columnsAfter.names(of: "noted")))
        ORDER BY number.id
        """

    private static let changes = """
        SELECT count(*) OVER (), change.id, change.count, coalesce(found, 0) FROM change
        LEFT JOIN (
            SELECT change AS id, count(*) AS found FROM change_number GROUP BY change
        ) AS noted ON noted.id = change.id
        WHERE coalesce(found, 0) <> change.count ORDER BY change.id
        """
}
