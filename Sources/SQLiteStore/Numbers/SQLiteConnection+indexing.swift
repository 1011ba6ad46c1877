internal import Inventory
internal import Storage

extension SQLiteConnection {
    package func rebuildingIndexes(_ body: () throws -> Void) throws {
        try rebuildingNumberIndexes(onlyAdding: true, body)
    }

    /// The size of the page cache during a large change, in KiB: an index can be sorted in the
    /// cache.
    private static let largeCacheSize = 64 * 1024

    func withLargeCache<Value>(_ body: () throws -> Value) throws -> Value {
        // SQLite executes this PRAGMA when it prepares the statement: a cached statement would be
        // stale.
        let cacheSize = try row("PRAGMA cache_size", isCached: false) { try $0.integer() } ?? 0
        try runScript("PRAGMA cache_size = -\(Self.largeCacheSize)")
        defer { try? runScript("PRAGMA cache_size = \(cacheSize)") }
        return try body()
    }

    /// Rebuilds the indexes after `body`: sorted rows fill an index page by page, while each single
    /// row searches its page. The transaction hides the missing indexes from other connections.
    ///
    /// - Parameter onlyAdding: Whether `body` only inserts numbers, with ids greater than all
    ///   others. Then the search index keeps its entries.
    func rebuildingNumberIndexes(onlyAdding: Bool, _ body: () throws -> Void) throws {
        try withLargeCache {
            let lastID = onlyAdding ? try count("SELECT coalesce(max(id), 0) FROM number") : 0
            let statements = try dropNumberIndexes()
            try body()
            for statement in statements { try runScript(statement) }
            if !onlyAdding {
                // https://www.sqlite.org/fts5.html#the_delete_all_command
                try runScript("INSERT INTO number_search (number_search) VALUES ('delete-all')")
            }
            // Use one statement, because FTS5 writes its index at the end of each: a statement for
            // each row takes ten times as long, and so does FTS5's own 'rebuild'.
            try runScript(
                """
                INSERT INTO number_search (rowid, digits)
                    SELECT id, digits FROM number WHERE id > \(lastID);
                DELETE FROM number_count;
                INSERT INTO number_count SELECT currency, count(*) FROM number GROUP BY currency;
                """)
        }
    }

    /// Drops the indexes, and the triggers of search and counts; returns the SQL to create them.
    private func dropNumberIndexes() throws -> [String] {
        // The index of a UNIQUE constraint has no statement, and remains.
        let objects = try rows(
            """
            SELECT type, name, sql FROM sqlite_schema
            WHERE tbl_name = 'number' AND sql IS NOT NULL AND (
                type = 'index' OR name GLOB 'number_search_*' OR name GLOB 'number_count_*'
            )
            """
        ) { row in (type: try row.text(), name: try row.text(), sql: try row.text()) }
        for object in objects {
            let name = object.name.replacing("\"", with: "\"\"")
            try runScript("DROP \(object.type) \"\(name)\"")
        }
        return objects.map(\.sql)
    }
}
