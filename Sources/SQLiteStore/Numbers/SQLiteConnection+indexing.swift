internal import GRDB
internal import GRDBSQLite

extension Database {
    /// What the pages of SQLite's cache may take while many numbers change, in KiB: sorting a million
    /// rows stays in memory, and so does an index, which each row finds another page of.
    private static let cacheKibibytes = 64 * 1024

    /// Calls `body`, which changes many numbers, with a cache that is large enough for it.
    func withLargeCache<Value>(_ body: () throws -> Value) throws -> Value {
        let cacheSize = try Int.fetchOne(self, sql: "PRAGMA cache_size") ?? 0
        try execute(sql: "PRAGMA cache_size = -\(Self.cacheKibibytes)")
        // GRDB executes nothing before the end of a transaction that SQLite rolled back.
        defer { sqlite3_exec(sqliteConnection, "PRAGMA cache_size = \(cacheSize)", nil, nil, nil) }
        return try body()
    }

    /// Calls `body`, which inserts or deletes many numbers, and makes their indexes after it, of all rows at
    /// once: sorted rows fill an index page by page, and single ones each look for their place.
    ///
    /// All of it belongs into one transaction. Other connections read on as if nothing happened
    /// until it is committed, because what is dropped here is there in their state of the file.
    ///
    /// - Parameter onlyAdding: Whether `body` does nothing but insert numbers, whose ids are greater
    ///   than those that are there: then the others stay in the index for searches.
    func indexingNumbersAfterwards(onlyAdding: Bool = true, _ body: () throws -> Void) throws {
        try withLargeCache {
            let lastID =
                onlyAdding ? try Int64.fetchOne(self, sql: "SELECT max(id) FROM number") : nil
            let statements = try dropIndexes()
            try body()
            for statement in statements { try execute(sql: statement) }
            if !onlyAdding {
                // https://www.sqlite.org/fts5.html#the_delete_all_command
                try execute(sql: "INSERT INTO number_search (number_search) VALUES ('delete-all')")
            }
            try indexForSearch(after: lastID ?? 0)
            try countNumbers()
        }
    }

    /// Drops the indexes of numbers and the triggers that follow each row, and returns the
    /// statements that make them again.
    private func dropIndexes() throws -> [String] {
        // The index of a UNIQUE constraint has no statement of its own, and stays.
        let parts = try Row.fetchAll(
            self,
            sql: """
                SELECT type, name, sql FROM sqlite_schema
                WHERE tbl_name = 'number' AND sql IS NOT NULL AND (
                    type = 'index' OR name GLOB 'number_search_*' OR name GLOB 'number_count_*'
                )
                """)
        return try parts.map { part in
            let (type, name): (String, String) = (part[0], part[1])
            try execute(sql: "DROP \(type) \(name.quotedDatabaseIdentifier)")
            return part[2]
        }
    }

    /// Lets searches find the numbers whose ids are greater than `lastID`.
    ///
    /// In one statement, because FTS5 writes its index at the end of each: a statement for each
    /// row takes ten times as long, and so does FTS5's own 'rebuild'.
    private func indexForSearch(after lastID: Int64) throws {
        try execute(
            sql:
                "INSERT INTO number_search (rowid, digits) SELECT id, digits FROM number WHERE id > ?",
            arguments: [lastID])
    }

    private func countNumbers() throws {
        try execute(
            sql: """
                DELETE FROM number_count;
                INSERT INTO number_count SELECT currency, count(*) FROM number GROUP BY currency;
                """)
    }
}
