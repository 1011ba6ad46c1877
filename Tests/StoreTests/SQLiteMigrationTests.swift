import Foundation
import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Synchronization
import Testing

/// Migrations of files of older and newer programs.
@Suite struct SQLiteMigrationTests {
    private static let city = "ALTER TABLE number ADD COLUMN city TEXT NOT NULL DEFAULT ''"

    /// Calls `body` with the path of a file that a newer program has migrated.
    private func withFile(
        after newer: Migration, _ body: (_ path: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let database = try SharedConnection(path: path)
            try Migrator(path: path, migrations: Schema.migrations + [newer]).migrate(database)
            database.close()
            try await body(path)
        }
    }

    @Test func newerAdditiveMigrationIsAccepted() async throws {
        try await withFile(after: .additive("cities", Self.city)) { path in
            let store = try SQLiteStore(path: path)
            let created = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            #expect(try await store.number(created.id) == created)
            try store.close()
            #expect(try SQLiteStore.check(path: path).isGood)
        }
    }

    @Test func newerBreakingMigrationIsRejected() async throws {
        try await withFile(after: .breaking("cities", Self.city)) { path in
            for open in [
                { try SQLiteStore(path: path) }, { _ = try SQLiteStore.check(path: path) },
            ]
                as [() throws -> Any]
            {
                let error = try #require(throws: OpeningError.self) { _ = try open() }
                guard case .newerSchema(path) = error else { throw error }
                #expect(error.description.contains("newer carrier"))
            }
        }
    }

    @Test func migratesOnlyIfAllowed() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            #expect(throws: NoInventory.self) { try SQLiteStore(path: path, migrates: false) }
            let older = try SharedConnection(path: path)
            try Migrator(path: path, migrations: [Schema.migrations[0]]).migrate(older)
            older.close()
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
    }

    /// GRDB's migrator recorded all names in one table.
    @Test func acceptsMigrationsThatGRDBRecorded() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            try SQLiteStore(path: path).close()
            let database = try SharedConnection(path: path)
            try database.write { db in
                try db.runScript(
                    """
                    INSERT INTO grdb_migrations SELECT identifier FROM schema_addition;
                    DROP TABLE schema_addition
                    """)
            }
            database.close()
            try SQLiteStore(path: path) { Issue.record("\($0) was done again") }.close()
        }
    }

    @Test func failedMigrationIsRolledBack() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let database = try SharedConnection(path: path)
            let wrong = Migration.additive(
                "wrong",
                """
                CREATE TABLE half (id INTEGER PRIMARY KEY);
                INSERT INTO session (digest, userID, expiresAt) VALUES (zeroblob(32), 7, 0)
                """)
            // Foreign keys are checked after the last migration.
            #expect(throws: SQLiteError.self) {
                try Migrator(path: path, migrations: Schema.migrations + [wrong]).migrate(database)
            }
            let (tables, foreignKeys) = try database.use { db in
                try (
                    db.count("SELECT count(*) FROM sqlite_schema"), db.count("PRAGMA foreign_keys")
                )
            }
            #expect(tables == 0 && foreignKeys == 1)
        }
    }
}
