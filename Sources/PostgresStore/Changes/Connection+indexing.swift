internal import Foundation
internal import Inventory
internal import Storage

extension Connection {
    /// Builds the indexes of an empty inventory after `body`, which is many times as fast as
    /// updating them for each row. DROP INDEX blocks readers until the commit, so it is used only
    /// if no other client is connected to the database, and if the role may drop indexes. A server
    /// that starts meanwhile is not ready until the commit.
    package func rebuildingIndexes(_ body: () throws -> Void) throws {
        let isEmpty = try query("SELECT FROM number LIMIT 1").count == 0
        let definitions = isEmpty ? try dropIndexes() : []
        try body()
        for definition in definitions { try execute(definition) }
    }

    /// Returns the statements that create the dropped indexes.
    private func dropIndexes() throws -> [String] {
        var indexes = try rows(Self.droppable) { ($0.text(), $0.text()) }
        if indexes.isEmpty {
            // A connection that this program has just closed may still be listed, so wait.
            // PostgreSQL keeps the list for the whole transaction unless it is cleared.
            Thread.sleep(forTimeInterval: 0.1)
            try query("SELECT pg_stat_clear_snapshot()")
            indexes = try rows(Self.droppable) { ($0.text(), $0.text()) }
        }
        guard !indexes.isEmpty else { return [] }
        try execute("SAVEPOINT before_indexes")
        do {
            try execute(
                """
                LOCK TABLE number IN ACCESS EXCLUSIVE MODE NOWAIT;
                DROP INDEX \(indexes.map(\.0).joined(separator: ", "))
                """)
            return indexes.map(\.1)
        } catch let error as PostgresError where error.isLockTimeout {
            try execute("ROLLBACK TO SAVEPOINT before_indexes")
            return []
        }
    }

    /// Selects the indexes that no constraint needs, or none if another client is connected.
    private static let droppable = """
        SELECT indexrelid::regclass, pg_get_indexdef(indexrelid)
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = 'number'::regclass AND indisvalid AND NOT indisclustered
            AND NOT indisreplident AND reltablespace = 0 AND reloptions IS NULL
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
            AND pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE')
            AND NOT EXISTS (
                SELECT FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND backend_type IS DISTINCT FROM 'autovacuum worker'
            )
        """
}
