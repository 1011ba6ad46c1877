import Foundation
import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Synchronization
import Testing
import Threads

/// Migrations while other programs use the database.
@Suite(.enabled(if: Backend.allCases.contains(.postgres)), .serialized)
struct PostgresMigrationTests {
    private let threads = BlockingThreadPool(count: 6, mostWaiting: 0)

    /// Calls `body` with an old schema with numbers, from before all indexes had ids.
    private func withOldSchema(_ body: (PostgresAddress) async throws -> Void) async throws {
        try await Backend.withPostgresSchema { address in
            try Migrator(address: address, migrations: Array(Schema.migrations.prefix(2))).migrate()
            try await PostgresStore.execute(
                """
                INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
                SELECT digits, '+' || digits, 1, 1, 'U$'
                FROM (SELECT (5584900000000 + n)::text AS digits FROM generate_series(1, 20000) AS n) AS numbers
                """, at: address)
            try await body(address)
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

    /// Keeps a transaction open, with one snapshot as a backup does, or only a lock on `session`.
    ///
    /// - Parameter count: Counts the readers that have begun.
    private func read(
        at address: PostgresAddress, for seconds: Double, ofOneState: Bool = true,
        countedIn count: SharedCount
    ) throws {
        let reader = try Connection(address)
        try reader.execute(
            ofOneState
                ? "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM number"
                : "BEGIN; SELECT count(*) FROM session")
        count.next()
        Thread.sleep(forTimeInterval: seconds)
        try reader.execute("COMMIT")
    }

    /// Writes and reads like requests.
    ///
    /// - Returns: The time of the longest statement, and the number of rounds.
    private func work(
        at address: PostgresAddress, until isDone: borrowing Atomic<Bool>
    ) throws -> (longest: Duration, count: Int) {
        let connection = try Connection(address)
        var (longest, count) = (Duration.zero, 0)
        while !isDone.load(ordering: .relaxed) {
            count += 1
            for statement in [
                """
                INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
                VALUES ('\(5_584_910_000_000 + count)', '+\(5_584_910_000_000 + count)', 1, 1, 'U$')
                """,
                "SELECT id FROM number ORDER BY value LIMIT 1", "SELECT count(*) FROM session",
            ] {
                let time = try ContinuousClock().measure { try connection.execute(statement) }
                longest = max(longest, time)
            }
        }
        return (longest, count)
    }

    private final class Done: Sendable {
        let isDone = Atomic(false)
        let readers = SharedCount()
        let names = Mutex<[String]>([])
    }

    @Test func readersAndWritersContinueDuringAMigration() async throws {
        let fresh = try await Backend.withPostgresSchema { address in
            try Migrator(address: address).migrate()
            return try indexes(at: address)
        }
        try await withOldSchema { address in
            let done = Done()
            async let reader: Void = threads.run {
                try read(at: address, for: 5, countedIn: done.readers)
            }
            // No index waits for this one, but a new column does.
            async let holder: Void = threads.run {
                try read(at: address, for: 9, ofOneState: false, countedIn: done.readers)
            }
            async let worker = threads.run { try work(at: address, until: done.isDone) }
            try await until { done.readers.value == 2 }
            let time: Duration
            do {
                defer { done.isDone.store(true, ordering: .relaxed) }
                time = try await ContinuousClock().measure {
                    try await threads.run { try Migrator(address: address).migrate() }
                }
            }
            _ = try await (reader, holder)
            let (longest, count) = try await worker
            #expect(try indexes(at: address) == fresh)
            // Waiting for a reader would take longer.
            #expect(longest < .seconds(4))
            #expect(count > 30)
            // It waited for both.
            #expect(time > .seconds(7))
            let store = try await PostgresStore(address, migrates: false)
            #expect(try await store.listNumbers(NumberQuery()).total == 20_000 + count)
            await store.close()
        }
    }

    @Test(.alone) func interruptedMigrationIsRepeated() async throws {
        try await withOldSchema { address in
            // One statement times out while it waits for a reader; another succeeded.
            let done = Done()
            async let reader: Void = threads.run {
                try read(at: address, for: 8, countedIn: done.readers)
            }
            try await until { done.readers.value == 1 }
            let connection = try Connection(address)
            try connection.execute("SET statement_timeout = 2000")
            #expect(throws: PostgresError.self) {
                try connection.execute(
                    "CREATE INDEX CONCURRENTLY number_by_value_new ON number (value, id)")
            }
            try await reader
            try connection.execute("DROP INDEX number_by_currency_value")
            let unfinished = try connection.query("SELECT FROM pg_index WHERE NOT indisvalid")
            #expect(unfinished.count == 1)
            try await threads.run { try Migrator(address: address).migrate() }
            let found = try indexes(at: address)
            #expect(found["number_by_value"] == " btree (value, id)")
            #expect(found["number_by_currency_value"] == " btree (currency, value, id)")
            #expect(!found.keys.contains { $0.hasSuffix("_new") })
        }
    }

    @Test func oneProgramMigratesAndTheOthersWait() async throws {
        try await withOldSchema { address in
            let done = Done()
            async let reader: Void = threads.run {
                try read(at: address, for: 1, countedIn: done.readers)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await threads.run {
                            try Migrator(address: address) { name in
                                done.names.withLock { $0.append(name) }
                            }.migrate()
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await reader
            #expect(done.names.withLock { $0 } == Schema.migrations.dropFirst(2).map(\.name))
        }
    }

    private static let city = "ALTER TABLE number ADD COLUMN city TEXT NOT NULL DEFAULT ''"

    @Test func acceptsANewerAdditiveMigration() async throws {
        try await Backend.withPostgresSchema { address in
            let tomorrow = Schema.migrations + [.additive("cities", Self.city)]
            try Migrator(address: address, migrations: tomorrow).migrate()
            let store = try await PostgresStore(address)
            let created = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            #expect(try await store.number(created.id) == created)
            await store.close()
        }
    }

    @Test func rejectsANewerBreakingMigration() async throws {
        try await Backend.withPostgresSchema { address in
            let tomorrow = Schema.migrations + [.breaking("cities", Self.city)]
            try Migrator(address: address, migrations: tomorrow).migrate()
            let error = try await #require(throws: OpeningError.self) {
                try await PostgresStore(address)
            }
            guard case .newerSchema = error else { throw error }
            #expect(error.description.contains("newer carrier"))
        }
    }

    @Test func migratesOnlyIfPermitted() async throws {
        try await Backend.withPostgresSchema { address in
            for present in [0, 2] {
                try Migrator(
                    address: address, migrations: Array(Schema.migrations.prefix(present))
                ).migrate()
                let error = try await #require(throws: OpeningError.self) {
                    try await PostgresStore(address, migrates: false)
                }
                guard case .olderSchema = error else { throw error }
                #expect(error.description.contains("carrier migrate"))
            }
            let done = Done()
            let store = try await PostgresStore(
                address, onMigration: { name in done.names.withLock { $0.append(name) } })
            await store.close()
            #expect(done.names.withLock { $0 } == Schema.migrations.dropFirst(2).map(\.name))
            await (try PostgresStore(address, migrates: false)).close()
        }
    }

    /// Older versions recorded all names in one table.
    @Test func acceptsMigrationsRecordedInOneTable() async throws {
        try await Backend.withPostgresSchema { address in
            await (try PostgresStore(address)).close()
            try await PostgresStore.execute(
                """
                INSERT INTO schema_migration SELECT name FROM schema_addition;
                DROP TABLE schema_addition
                """, at: address)
            let done = Done()
            let store = try await PostgresStore(
                address, onMigration: { name in done.names.withLock { $0.append(name) } })
            await store.close()
            #expect(done.names.withLock { $0 } == [])
        }
    }
}
