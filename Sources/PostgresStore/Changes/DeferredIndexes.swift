internal import Foundation
internal import Inventory
internal import Storage

/// The indexes of `number`, which are built after a large load into an empty inventory.
///
/// Building an index once takes a fraction of the time of updating it for each row. But until the
/// commit, DROP INDEX blocks readers. So the indexes are dropped only if no other client is
/// connected to the database; a server that starts meanwhile is not ready until the commit.
struct DeferredIndexes {
    private let connection: Connection
    /// The statements that create the dropped indexes.
    private let definitions: [String]

    /// Drops the indexes if the inventory is empty, no other client is connected, and the role may do it.
    init(of connection: Connection) throws {
        self.connection = connection
        definitions =
            try connection.query("SELECT FROM number LIMIT 1").count == 0
            ? try Self.drop(on: connection) : []
    }

    /// Builds the dropped indexes.
    func build() throws {
        for definition in definitions { try connection.execute(definition) }
    }

    private static func drop(on connection: Connection) throws -> [String] {
        var indexes = try connection.rows(droppable) { ($0.text(), $0.text()) }
        if indexes.isEmpty {
            // A connection that this program has just closed may still be listed. PostgreSQL keeps the list for
            // the transaction.
            Thread.sleep(forTimeInterval: 0.1)
            try connection.query("SELECT pg_stat_clear_snapshot()")
            indexes = try connection.rows(droppable) { ($0.text(), $0.text()) }
        }
        guard !indexes.isEmpty else { return [] }
        try connection.execute("SAVEPOINT before_indexes")
        do {
            try connection.execute(
                """
                LOCK TABLE number IN ACCESS EXCLUSIVE MODE NOWAIT;
                DROP INDEX \(indexes.map(\.0).joined(separator: ", "))
                """)
            return indexes.map(\.1)
        } catch let error as PostgresError where error.sqlState == "55P03" {
            try connection.execute("ROLLBACK TO SAVEPOINT before_indexes")
            return []
        }
    }

    /// The indexes that no constraint needs, if no other client is connected.
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
