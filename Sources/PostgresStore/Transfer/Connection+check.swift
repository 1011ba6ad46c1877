internal import Inventory
package import Storage

extension Connection {
    /// Finds unfinished indexes, and constraints that were not checked on older rows.
    package func storageErrors() throws -> IntegrityErrors {
        let tables = Schema.tables.map { "'\($0)'::regclass" }.joined(separator: ", ")
        return try errors(
            """
            SELECT count(*) OVER (), name FROM (
                SELECT 'index ' || indexrelid::regclass AS name FROM pg_index
                WHERE NOT indisvalid AND indrelid IN (\(tables))
                UNION ALL
                SELECT 'constraint ' || conname FROM pg_constraint
                WHERE NOT convalidated AND connamespace = to_regnamespace(current_schema())
            ) AS parts ORDER BY name
            """
        ) { .storage("\($0.text()) is not valid") }
    }

    /// PostgreSQL cannot list the entries of an index, so the search index is not checked.
    package func searchErrors() -> IntegrityErrors { IntegrityErrors() }

    package static let brokenReferences = """
        SELECT count(*) OVER (), 'session', 'user', found FROM (
            SELECT count(*) AS found FROM session
            LEFT JOIN "user" ON "user".id = session."userID" WHERE "user".id IS NULL
        ) AS lost WHERE found > 0
        """

    package static let joinWithLastEntry = """
        JOIN (
            SELECT DISTINCT ON (number) * FROM change_number ORDER BY number, change DESC
        ) AS entry ON entry.number = number.id
        """
}
