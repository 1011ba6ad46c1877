import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Synchronization
import Testing

/// Migrations of files that older or newer programs have written.
@Suite(.stores) struct SQLiteMigrationTests {
    private static let city = "ALTER TABLE number ADD COLUMN city TEXT NOT NULL DEFAULT ''"

    /// The path of a file that a newer program has migrated.
    private func file(after newer: Migration) async throws -> String {
        let path = try await Backend.sqlitePath()
        let database = try SharedConnection(path: path)
        try Migrator(path: path, migrations: Schema.migrations + [newer]).migrate(database)
        database.close()
        return path
    }

    @Test func newerAdditiveMigrationIsAccepted() async throws {
        let path = try await file(after: .additive("cities", Self.city))
        let store = try await Backend.sqliteStore(at: path)
        let created = try await store.create("4321").number
        #expect(try await store.number(created.id) == created)
        #expect(try SQLiteStore.check(path: path).isGood)
    }

    @Test func newerBreakingMigrationIsRejected() async throws {
        let path = try await file(after: .breaking("cities", Self.city))
        for open in [
            { try SQLiteStore(path: path) }, { _ = try SQLiteStore.check(path: path) },
        ] as [() throws -> Any] {
            let error = try #require(throws: OpeningError.self) { _ = try open() }
            guard case .newerSchema(path) = error else { throw error }
            #expect(error.description.contains("newer carrier"))
        }
    }

    @Test func migratesOnlyIfAllowed() async throws {
        let path = try await Backend.sqlitePath()
        #expect(throws: NoInventory.self) { try SQLiteStore(path: path, migrates: false) }
        try SharedConnection.withSchema(at: path, migrations: 1)
        let error = try #require(throws: OpeningError.self) {
            try SQLiteStore(path: path, migrates: false)
        }
        guard case .olderSchema(path) = error else { throw error }
        #expect(error.description.contains("carrier migrate"))
        let reported = Mutex<[String]>([])
        let report: MigrationReport = { name, isDone in
            reported.withLock { $0.append(isDone ? name : "waits: \(name)") }
        }
        let names = Schema.migrations.map(\.name)
        let waiting = ["waits: \(names.last ?? "")"]
        try SQLiteStore(path: path, onMigration: report).close()
        #expect(reported.withLock { $0 } == names.dropFirst().dropLast() + waiting)
        try SQLiteStore(path: path, migrates: false, onMigration: report).close()
        #expect(reported.withLock { $0.suffix(2) } == waiting + waiting)
        let store = try SQLiteStore(path: path, finishes: true, onMigration: report)
        #expect(reported.withLock { $0.last } == names.last)
        #expect(try store.schema() == SQLiteStore().schema())
        try store.close()
    }

    /// GRDB's migrator recorded all names in one table.
    @Test func migrationsRecordedByGRDBAreAccepted() async throws {
        let path = try await Backend.sqlitePath()
        try SharedConnection.withSchema(at: path, migrations: Schema.migrations.count) { db in
            try db.runScript(
                """
                INSERT INTO grdb_migrations SELECT identifier FROM schema_addition;
                DROP TABLE schema_addition
                """)
        }
        try SQLiteStore(path: path) { name, _ in Issue.record("\(name) was done again") }.close()
    }

    @Test func failedMigrationIsRolledBack() async throws {
        let path = try await Backend.sqlitePath()
        let database = try SharedConnection(path: path)
        let wrong = Migration.additive(
            "wrong",
            """
            CREATE TABLE half (id INTEGER PRIMARY KEY);
            INSERT INTO session (digest, userID, expiresAt) VALUES (zeroblob(32), 7, 0)
            """)
        // The migrator checks foreign keys after the last migration.
        #expect(throws: SQLiteError.self) {
            try Migrator(path: path, migrations: Schema.migrations + [wrong]).migrate(database)
        }
        let (tables, foreignKeys) = try database.use { db in
            try (db.count("SELECT count(*) FROM sqlite_schema"), db.count("PRAGMA foreign_keys"))
        }
        #expect(tables == 0 && foreignKeys == 1)
    }
}
