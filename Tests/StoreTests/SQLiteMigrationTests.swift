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
        let done = Mutex<[String]>([])
        try SQLiteStore(path: path) { name in done.withLock { $0.append(name) } }.close()
        #expect(done.withLock { $0 } == Schema.migrations.dropFirst().map(\.name))
        try SQLiteStore(path: path, migrates: false).close()
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
        try SQLiteStore(path: path) { Issue.record("\($0) was done again") }.close()
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
