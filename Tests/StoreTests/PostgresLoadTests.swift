import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Testing

/// Bulk loads into an empty inventory; with `scripts/with-postgres`.
@Suite(.stores, .enabled(if: Backend.hasPostgres)) struct PostgresLoadTests {
    private static let contents = Array(DemoNumbers(seed: 1).prefix(500))

    @Test func indexesAreBuiltAfterTheLoadIfNoOtherClientIsConnected() async throws {
        let store = try await Backend.postgresStore(at: Backend.postgresDatabase())
        try await PostgresStore.execute(
            "CREATE INDEX an_operators_own ON number (\"setupPrice\") WHERE version > 1",
            at: store.address)
        let before = try Self.catalog(store.address)
        #expect(before.contains { $0.contains("number_by_digits_trigram") })
        // Wait until the test's own connections end.
        try await until {
            try Connection(store.address).query(
                """
                SELECT FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend'
                """
            ).count == 1
        }
        #expect(try Self.loadWatchingLock(store))
        #expect(try Self.catalog(store.address) == before)
        #expect(try await store.count(search: "551") > 0)
        #expect(try await store.count() == 500)
    }

    @Test func indexesStayWhileAnotherClientIsConnected() async throws {
        let store = try await Backend.postgresStore(at: Backend.postgresDatabase())
        let client = try Connection(store.address)
        #expect(try Self.loadWatchingLock(store) == false)
        #expect(try client.query("SELECT FROM number LIMIT 1").count == 1)
    }

    /// Returns whether the load locks out readers.
    private static func loadWatchingLock(_ store: PostgresStore) throws -> Bool {
        var isLocked = false
        let count = try store.loadNumbers(besideAtMost: 0) { count in
            guard count > 0 else { return contents }
            isLocked =
                try Connection(store.address).query(
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

    @Test func loadWithALostConnectionChangesNothing() async throws {
        let store = try await Backend.postgresStore()
        let before = try Self.catalog(store.address)
        #expect(throws: PostgresError.self) {
            try store.loadNumbers(besideAtMost: 0) { count in
                guard count > 0 else { return Self.contents }
                try Connection(store.address).execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name = current_setting('application_name')
                    AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
                    """)
                return count < 5_000 ? Array(DemoNumbers(seed: 2).prefix(5_000)) : []
            }
        }
        #expect(try Self.catalog(store.address) == before)
        #expect(try await store.count() == 0)
        #expect(try store.load(Self.contents) == 500)
    }

    /// PostgreSQL's definitions of tables, sequences, constraints, indexes and triggers.
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
            WHERE tgrelid = 'number'::regclass ORDER BY 1
            """
        ).map { $0.text() }
    }
}
