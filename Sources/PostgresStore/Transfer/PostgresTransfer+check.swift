internal import Inventory
internal import Storage

extension PostgresTransfer {
    func errors(in subject: CheckSubject) throws -> IntegrityErrors {
        switch subject {
        case .storage: try errors(Self.invalid) { .storage("\($0.text(1)) is not valid") }
        case .references:
            try errors(Self.references) {
                .references(table: $0.text(1), parent: $0.text(2), count: try $0.integer(3))
            }
        case .counts:
            try errors(Self.counts) {
                .count(currency: $0.text(1), kept: try $0.integer(2), found: try $0.integer(3))
            }
        // PostgreSQL has nothing to look into the index with.
        case .search, .values: IntegrityErrors()
        case .history:
            try errors(Self.history) {
                .history(number: try $0.integer(1), change: try $0.integer(2))
            }
        case .changes:
            try errors(Self.changes) {
                .change(id: try $0.integer(1), kept: try $0.integer(2), found: try $0.integer(3))
            }
        }
    }

    /// - Parameter sql: Its first column is how many rows there are in all.
    private func errors(
        _ sql: String, _ error: (Row) throws -> IntegrityError
    ) throws -> IntegrityErrors {
        let rows = try connection.query(sql + " LIMIT \(IntegrityErrors.most)", timeout: nil)
        return IntegrityErrors(
            total: Int(try rows.first { try $0.integer(0) } ?? 0), first: try rows.map(error))
    }

    /// Indexes that were not finished, and rules that rows from before were not held against.
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

    // A number that is at a later version was changed by a program that keeps no history.
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
