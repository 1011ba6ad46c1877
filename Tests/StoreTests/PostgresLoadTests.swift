import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Testing

/// Bulk loads into an empty inventory; with `scripts/with-postgres`.
@Suite(.enabled(if: Backend.allCases.contains(.postgres)))
struct PostgresLoadTests {
    private static let contents = Array(DemoNumbers(seed: 1).prefix(500))

    @Test func indexesAreBuiltAfterTheLoadIfNoOtherClientIsConnected() async throws {
        try await Backend.withPostgresDatabase { address in
            let store = try await PostgresStore(address)
            try await PostgresStore.execute(
                "CREATE INDEX an_operators_own ON number (\"setupPrice\") WHERE version > 1",
                at: address)
            let before = try Self.catalog(address)
            #expect(before.contains { $0.contains("number_by_digits_trigram") })
            try await until { try Self.clientCount(address) == 1 }
            #expect(try Self.loadWatchingLock(store, address))
            #expect(try Self.catalog(address) == before)
            let found = NumberQuery(filter: NumberFilter(search: .digits("551")))
            #expect(try await store.listNumbers(found).total > 0)
            #expect(try await store.listNumbers(NumberQuery()).total == 500)
            await store.close()
        }
    }

    @Test func indexesStayWhileAnotherClientIsConnected() async throws {
        try await Backend.withPostgresDatabase { address in
            let store = try await PostgresStore(address)
            let client = try Connection(address)
            #expect(try Self.loadWatchingLock(store, address) == false)
            #expect(try client.query("SELECT FROM number LIMIT 1").count == 1)
            await store.close()
        }
    }

    /// Returns whether the load locks out readers.
    private static func loadWatchingLock(
        _ store: PostgresStore, _ address: PostgresAddress
    ) throws -> Bool {
        var isLocked = false
        let count = try store.loadNumbers(besideAtMost: 0) { count in
            guard count > 0 else { return contents }
            isLocked =
                try Connection(address).query(
                    """
                    SELECT FROM pg_locks
                    WHERE relation = 'number'::regclass AND mode = 'AccessExclusiveLock'
                    """
                ).count > 0
            return []
        }
        #expect(count == 500)
        return isLocked
    }

    private static func clientCount(_ address: PostgresAddress) throws -> Int {
        try Connection(address).query(
            """
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend'
            """
        ).count
    }

    @Test func loadWithALostConnectionChangesNothing() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let before = try Self.catalog(address)
            #expect(throws: PostgresError.self) {
                try store.loadNumbers(besideAtMost: 0) { count in
                    guard count > 0 else { return Self.contents }
                    try Connection(address).execute(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE application_name = current_setting('application_name')
                        AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
                        """)
                    return count < 5_000 ? Array(DemoNumbers(seed: 2).prefix(5_000)) : []
                }
            }
            #expect(try Self.catalog(address) == before)
            #expect(try await store.listNumbers(NumberQuery()).total == 0)
            #expect(try store.load(Self.contents) == 500)
            await store.close()
        }
    }

    /// PostgreSQL's definitions of tables, sequences, columns, constraints, indexes and triggers.
    private static func catalog(_ address: PostgresAddress) throws -> [String] {
        try Connection(address).query(
            """
            SELECT format('relation %s %s', relkind, relname) FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relname NOT LIKE 'pg_toast%'
            UNION ALL SELECT pg_get_indexdef(indexrelid) || indisvalid FROM pg_index
            WHERE indrelid = 'number'::regclass
            UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid = 'number'::regclass
            UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger
            WHERE tgrelid = 'number'::regclass
            UNION ALL SELECT format(
                'column %s %s %s %s %s %s', attnum, attname, atttypid::regtype, attnotnull,
                attidentity, attcollation
            ) FROM pg_attribute WHERE attrelid = 'number'::regclass AND attnum > 0
            UNION ALL SELECT 'default ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef
            WHERE adrelid = 'number'::regclass
            UNION ALL SELECT 'ids from ' || pg_get_serial_sequence('number', 'id')
            ORDER BY 1
            """
        ).map { $0.text() }
    }
}
