internal import Inventory
package import Storage

extension SQLiteConnection {
    // https://www.sqlite.org/pragma.html#pragma_integrity_check
    package func storageErrors() throws -> IntegrityErrors {
        let lines = try rows("PRAGMA integrity_check(\(IntegrityErrors.most))") {
            try $0.text()
        }.flatMap { $0.split(separator: "\n").map(String.init) }
        guard lines != ["ok"] else { return IntegrityErrors() }
        return IntegrityErrors(total: lines.count, first: lines.map { .storage($0) })
    }

    /// Compares each trigram of the index with its number. FTS5's own 'integrity-check' is an
    /// INSERT, which would block all writers.
    // https://www.sqlite.org/fts5.html#the_fts5vocab_virtual_table_module
    package func searchErrors() throws -> IntegrityErrors {
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
    package static let brokenReferences = """
        SELECT count(*) OVER (), "table", parent, count(*) FROM pragma_foreign_key_check
        GROUP BY "table", parent ORDER BY "table", parent
        """

    package static let joinWithLastEntry = """
        JOIN change_number AS entry ON entry.number = number.id AND entry.change = (
            SELECT max(change) FROM change_number AS latest WHERE latest.number = number.id
        )
        """
}
