internal import Inventory
package import Storage

extension SQLiteConnection {
    package func errors(in subject: CheckSubject) throws -> IntegrityErrors {
        switch subject {
        case .storage: try storageErrors()
        case .references:
            try errors(Self.references) { row in
                .references(
                    table: try row.text(), parent: try row.text(), count: try row.integer())
            }
        case .counts:
            try errors(Self.counts) { row in
                .count(
                    currency: try row.text(), kept: try row.integer(), found: try row.integer())
            }
        case .search: try searchErrors()
        case .values: IntegrityErrors()
        case .history:
            try errors(Self.history) { row in
                .history(number: try row.integer(), change: try row.integer())
            }
        case .changes:
            try errors(Self.changes) { row in
                .change(id: try row.integer(), kept: try row.integer(), found: try row.integer())
            }
        }
    }

    /// - Parameter sql: Its first column is the number of all rows.
    private func errors(
        _ sql: String, _ read: (inout SQLiteRow) throws -> IntegrityError
    ) throws -> IntegrityErrors {
        var total = 0
        let first = try rows(sql + " LIMIT \(IntegrityErrors.most)") { row in
            total = try row.count()
            return try read(&row)
        }
        return IntegrityErrors(total: total, first: first)
    }

    // https://www.sqlite.org/pragma.html#pragma_integrity_check
    private func storageErrors() throws -> IntegrityErrors {
        let lines = try rows("PRAGMA integrity_check(\(IntegrityErrors.most))") {
            try $0.text()
        }
        guard lines != ["ok"] else { return IntegrityErrors() }
        return IntegrityErrors(total: lines.count, first: lines.map { .storage($0) })
    }

    /// Compares the search index with the numbers.
    ///
    /// FTS5's own 'integrity-check' is an INSERT, which would block all writers.
    // https://www.sqlite.org/fts5.html#the_fts5vocab_virtual_table_module
    private func searchErrors() throws -> IntegrityErrors {
        try runScript(
            """
            CREATE VIRTUAL TABLE temp.search_entry
            USING fts5vocab('main', 'number_search', 'instance')
            """)
        let counts = try row(
            """
            SELECT count(*), coalesce(sum(
                term = (SELECT substr(digits, "offset" + 1, 3) FROM number WHERE id = doc)
            ), 0), (SELECT coalesce(sum(length(digits) - 2), 0) FROM number) FROM search_entry
            """
        ) { row in
            (total: try row.integer(), right: try row.integer(), expected: try row.integer())
        }
        let (total, right, expected) = counts ?? (0, 0, 0)
        guard total != right || right != expected else { return IntegrityErrors() }
        return IntegrityErrors(
            total: 1, first: [.search(wrong: total - right, missing: expected - right)])
    }

    // https://www.sqlite.org/pragma.html#pragma_foreign_key_check
    private static let references = """
        SELECT count(*) OVER (), "table", parent, count(*) FROM pragma_foreign_key_check
        GROUP BY "table", parent ORDER BY "table", parent
        """

    private static let counts = """
        SELECT count(*) OVER (), currency, kept, found FROM (
            SELECT currency, sum(kept) AS kept, sum(found) AS found FROM (
                SELECT currency, count AS kept, 0 AS found FROM number_count
                UNION ALL SELECT currency, 0, count(*) FROM number GROUP BY currency
            ) GROUP BY currency
        ) WHERE kept <> found ORDER BY currency
        """

    // A program without a history may have changed a number after its last change, which made its version later.
    private static let history = """
        SELECT count(*) OVER (), number.id, entry.change FROM number
        JOIN change_number AS entry ON entry.number = number.id AND entry.change = (
            SELECT max(change) FROM change_number AS latest WHERE latest.number = number.id
        )
        WHERE entry.after_digits IS NULL OR number.version < entry.version
            OR number.version = entry.version
                AND (\(NumberContent.columns.names(of: "number")))
                    IS NOT (\(ChangedNumber.columnsAfter.names(of: "entry")))
        ORDER BY number.id
        """

    private static let changes = """
        SELECT count(*) OVER (), id, count, found FROM (
            SELECT id, count, (
                SELECT count(*) FROM change_number WHERE change_number.change = change.id
            ) AS found FROM change
        ) WHERE found <> count ORDER BY id
        """
}
