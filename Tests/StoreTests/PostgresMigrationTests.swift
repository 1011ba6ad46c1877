import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Synchronization
import Testing
import Threads

/// Migrations while other programs use the database; with `scripts/with-postgres`.
@Suite(.stores, .enabled(if: Backend.hasPostgres)) struct PostgresMigrationTests {
    private let threads = BlockingThreadPool(count: 6, mostWaiting: 0)
    private let names = Names()

    /// The names of the migrations that have run.
    private final class Names: Sendable {
        private let names = Mutex<[String]>([])

        var all: [String] { names.withLock { $0 } }

        func append(_ name: String, isDone: Bool) {
            names.withLock { $0.append(isDone ? name : "waits: \(name)") }
        }
    }

    /// A database with numbers and the first two migrations, after which indexes lack ids.
    ///
    /// Each test needs its own: building an index waits for all transactions in a database.
    private func oldDatabase() async throws -> PostgresAddress {
        let address = try await Backend.postgresDatabase()
        try await migrate(address, Array(Schema.migrations.prefix(2)))
        try await PostgresStore.execute(
            """
            INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
            SELECT digits, '+' || digits, 1, 1, 'U$' FROM (
                SELECT (5584900000000 + n)::text AS digits FROM generate_series(1, 20000) AS n
            ) AS numbers
            """, at: address)
        return address
    }

    private func migrate(
        _ address: PostgresAddress, _ migrations: [Migration] = Schema.migrations,
        noting names: Names = Names()
    ) async throws {
        try await threads.run {
            try Migrator(
                address: address, migrations: migrations, finishes: true, onMigration: names.append
            ).migrate()
        }
    }

    /// The definition of each index.
    private func indexes(at address: PostgresAddress) throws -> [String: String] {
        let rows = try Connection(address).query(
            """
            SELECT relname, regexp_replace(pg_get_indexdef(indexrelid), '.* USING', ''), indisvalid
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relnamespace = to_regnamespace(current_schema())
            """)
        let all = try rows.map { ($0.text(), $0.text(), $0.text()) }
        #expect(all.allSatisfy { $0.2 == "t" }, "\(all)")
        return Dictionary(uniqueKeysWithValues: all.map { ($0.0, $0.1) })
    }

    /// A connection that reads one snapshot until its transaction ends.
    private func backup(of address: PostgresAddress) throws -> Connection {
        let backup = try Connection(address)
        try backup.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM number")
        return backup
    }

    /// Writes and reads like requests, until `isDone`.
    private func work(
        at address: PostgresAddress, countedIn rounds: SharedCount,
        until isDone: borrowing Atomic<Bool>
    ) throws {
        let connection = try Connection(address)
        while !isDone.load(ordering: .relaxed) {
            let digits = 5_584_910_000_000 + rounds.next()
            try connection.execute(
                """
                INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
                VALUES ('\(digits)', '+\(digits)', 1, 1, 'U$');
                SELECT id FROM number ORDER BY value LIMIT 1
                """)
            try connection.execute("SELECT count(*) FROM session")
        }
    }

    private final class Flag: Sendable { let isSet = Atomic(false) }

    @Test func readersAndWritersContinueDuringAMigration() async throws {
        let fresh = try indexes(at: try await Backend.postgresStore().address)
        let address = try await oldDatabase()
        let (rounds, isDone) = (SharedCount(), Flag())
        // Building an index does not wait for this transaction, but adding a column does.
        let holder = try Connection(address)
        try holder.execute("BEGIN; SELECT count(*) FROM session")
        let reader = try backup(of: address)
        let worker = Task {
            try await threads.run {
                try work(at: address, countedIn: rounds, until: isDone.isSet)
            }
        }
        defer { isDone.isSet.store(true, ordering: .relaxed) }
        let migration = Task { try await migrate(address, noting: names) }
        // The migration waits for the reader and then for the holder, while the worker continues.
        try await untilWorkContinues(rounds)
        #expect(names.all == [])
        try reader.execute("COMMIT")
        try await until { !names.all.isEmpty }
        try await untilWorkContinues(rounds)
        #expect(names.all.count < Schema.migrations.count - 2)
        try holder.execute("COMMIT")
        try await migration.value
        isDone.isSet.store(true, ordering: .relaxed)
        try await worker.value
        #expect(try indexes(at: address) == fresh)
        let store = try await PostgresStore(address, migrates: false)
        #expect(try await store.count() == 20_000 + rounds.value)
        await store.close()
    }

    /// Waits until the worker has done so much that the migration must have tried to get its lock.
    private func untilWorkContinues(_ rounds: SharedCount) async throws {
        let (start, end) = (rounds.value, ContinuousClock.now + .seconds(1))
        try await until { rounds.value > start + 30 && end < .now }
    }

    @Test func interruptedMigrationIsRepeated() async throws {
        let address = try await oldDatabase()
        // One statement timed out while it waited for a reader; another had succeeded.
        let reader = try backup(of: address)
        await #expect(throws: PostgresError.self) {
            try await threads.run {
                let connection = try Connection(address)
                try connection.execute("SET statement_timeout = 1000")
                try connection.execute(
                    "CREATE INDEX CONCURRENTLY number_by_value_new ON number (value, id)")
            }
        }
        let connection = try Connection(address)
        try reader.execute("COMMIT")
        try connection.execute("DROP INDEX number_by_currency_value")
        let unfinished = try connection.query("SELECT FROM pg_index WHERE NOT indisvalid")
        #expect(unfinished.count == 1)
        try await migrate(address)
        let found = try indexes(at: address)
        #expect(found["number_by_value"] == " btree (value, id)")
        #expect(found["number_by_currency_value"] == " btree (currency, value, id)")
        #expect(!found.keys.contains { $0.hasSuffix("_new") })
    }

    @Test func oneProgramMigratesAndTheOthersWait() async throws {
        let address = try await oldDatabase()
        _ = try await race(4) { _ in try await migrate(address, noting: names) }
        #expect(names.all == Schema.migrations.dropFirst(2).map(\.name))
    }

    private static let city = "ALTER TABLE number ADD COLUMN city TEXT NOT NULL DEFAULT ''"

    @Test func newerAdditiveMigrationIsAccepted() async throws {
        let address = try await Backend.postgresSchema()
        let tomorrow = Schema.migrations + [.additive("cities", Self.city)]
        try await migrate(address, tomorrow)
        let store = try await Backend.postgresStore(at: address)
        let created = try await store.create("4321").number
        #expect(try await store.number(created.id) == created)
    }

    @Test func newerBreakingMigrationIsRejected() async throws {
        let address = try await Backend.postgresSchema()
        let tomorrow = Schema.migrations + [.breaking("cities", Self.city)]
        try await migrate(address, tomorrow)
        let error = try await #require(throws: OpeningError.self) {
            try await PostgresStore(address)
        }
        guard case .newerSchema = error else { throw error }
        #expect(error.description.contains("newer carrier"))
    }

    @Test func migratesOnlyIfAllowed() async throws {
        let address = try await Backend.postgresDatabase()
        for present in [0, 2] {
            try await migrate(address, Array(Schema.migrations.prefix(present)))
            let error = try await #require(throws: OpeningError.self) {
                try await PostgresStore(address, migrates: false)
            }
            guard case .olderSchema = error else { throw error }
            #expect(error.description.contains("carrier migrate"))
        }
        let all = Schema.migrations.map(\.name)
        let waiting = ["waits: \(all.last ?? "")"]
        await (try PostgresStore(address, onMigration: names.append)).close()
        #expect(names.all == all.dropFirst(2).dropLast() + waiting)
        await (try PostgresStore(address, migrates: false, onMigration: names.append)).close()
        #expect(names.all.suffix(2) == waiting + waiting)
        await (try PostgresStore(address, finishes: true, onMigration: names.append)).close()
        #expect(names.all.last == all.last)
    }

    /// Older versions recorded all names in one table.
    @Test func migrationsRecordedInOneTableAreAccepted() async throws {
        let address = try await Backend.postgresStore().address
        try await PostgresStore.execute(
            """
            INSERT INTO schema_migration SELECT name FROM schema_addition;
            DROP TABLE schema_addition
            """, at: address)
        await (try PostgresStore(address, onMigration: names.append)).close()
        #expect(names.all == [])
    }
}
