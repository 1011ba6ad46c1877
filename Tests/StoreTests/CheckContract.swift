import Foundation
import Inventory
import Storage
import StoreTesting
import Testing

@testable import PostgresStore
@testable import SQLiteStore

/// Checks of whole inventories.
@Suite(.stores) struct CheckContract {
    /// A store with three numbers. Two have a history; its last change is an undo.
    private func inventory(_ backend: Backend) async throws -> any TransferableStore {
        let store = try await backend.store()
        _ = try await store.createNumbers(Array(DemoNumbers(seed: 1).prefix(1)), onlyIfEmpty: true)
        try await store.create("4321")
        try await store.createNumber(try NumberContent("+55 84 91234-4322", currency: "R$"))
        try await store.updateNumber(2, if: .always) { $0.monthyPrice = try Price("7") }
        try await store.deleteNumber(3, if: .always)
        try await store.undo(4)
        return store
    }

    private func errors(of store: any TransferableStore) throws -> [IntegrityError] {
        try store.withSnapshot { $0.check() }.errors.flatMap(\.first)
    }

    /// Runs SQL that the program would not run.
    private func execute(_ store: any TransferableStore, _ sql: String) async throws {
        if let store = store as? SQLiteStore {
            try store.database.use { try $0.runScript(sql) }
        } else if let store = store as? PostgresStore {
            try await PostgresStore.execute(sql, at: store.address)
        }
    }

    @Test(arguments: Backend.allCases)
    func findsNoErrorsInAnIntactStore(backend: Backend) async throws {
        let store = try await inventory(backend)
        // Twice: a check leaves nothing behind.
        for _ in 0..<2 {
            let check = try store.withSnapshot { $0.check() }
            #expect(check.isGood, "\(check.errors)")
            #expect(check.size?.numbers == 3)
        }
        // A change by an older program, which records no history.
        try await execute(
            store, "UPDATE number SET \"setupPrice\" = 5, version = version + 1 WHERE id = 2")
        #expect(try errors(of: store) == [])
    }

    private static let damages: [(sql: String, error: IntegrityError)] = [
        (
            "UPDATE number_count SET count = count + 1 WHERE currency = 'R$' AND count = 1",
            .count(currency: "R$", kept: 2, found: 1)
        ),
        (
            "UPDATE number SET value = '+55 84 91234-4329', version = 9 WHERE id = 2",
            .value(number: 2)
        ),
        ("UPDATE number SET value = '5584912344321', version = 9 WHERE id = 2", .value(number: 2)),
        ("UPDATE number SET \"monthyPrice\" = 1 WHERE id = 2", .history(number: 2, change: 3)),
        ("UPDATE number SET version = 1 WHERE id = 2", .history(number: 2, change: 3)),
        ("UPDATE change SET count = 7 WHERE id = 1", .change(id: 1, kept: 7, found: 1)),
        ("DELETE FROM change_number WHERE change = 1", .change(id: 1, kept: 1, found: 0)),
    ]

    @Test(arguments: Backend.allCases, damages)
    func findsDamage(backend: Backend, damage: (sql: String, error: IntegrityError)) async throws {
        let store = try await inventory(backend)
        try await execute(store, damage.sql)
        #expect(try errors(of: store) == [damage.error])
    }

    private static let damagesOfSQLite: [(sql: String, error: IntegrityError)] = [
        (
            "INSERT INTO number_search (rowid, digits) VALUES (99, '12345')",
            .search(wrong: 3, missing: 0)
        ),
        (
            """
            INSERT INTO number_search (number_search, rowid, digits)
            VALUES ('delete', 2, '5584912344321')
            """, .search(wrong: 0, missing: 11)
        ),
        (
            """
            PRAGMA foreign_keys = OFF;
            INSERT INTO session (digest, userID, expiresAt) VALUES (zeroblob(32), 9, 0);
            PRAGMA foreign_keys = ON;
            """, .references(table: "session", parent: "user", count: 1)
        ),
        (
            """
            PRAGMA ignore_check_constraints = ON;
            UPDATE number SET monthyPrice = -1, version = 9 WHERE id = 2;
            PRAGMA ignore_check_constraints = OFF;
            """, .storage("CHECK constraint failed in number")
        ),
    ]

    @Test(arguments: damagesOfSQLite)
    func findsDamageOfSQLite(sql: String, error: IntegrityError) async throws {
        let store = try await inventory(.sqliteFile)
        try await execute(store, sql)
        #expect(try errors(of: store) == [error])
    }

    @Test(.enabled(if: Backend.hasPostgres))
    func findsDamageOfPostgreSQL() async throws {
        let store = try await inventory(.postgres)
        try await execute(
            store,
            """
            ALTER TABLE session DROP CONSTRAINT session_user_exists;
            INSERT INTO session (digest, "userID", "expiresAt")
            VALUES (sha256('one'), 9, 0), (sha256('two'), 9, 0);
            UPDATE pg_index SET indisvalid = false
            WHERE indexrelid = 'number_by_currency'::regclass
            """)
        #expect(
            try errors(of: store) == [
                .storage("index number_by_currency is not valid"),
                .references(table: "session", parent: "user", count: 2),
            ])
    }

    @Test(arguments: Backend.allCases)
    func listsAtMost100ErrorsOfAKind(backend: Backend) async throws {
        let store = try await backend.store()
        _ = try await store.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(120)), onlyIfEmpty: true)
        try await execute(store, "UPDATE number SET value = '+' || id")
        let check = try store.withSnapshot { $0.check() }
        #expect(check.errors.map(\.total) == [120])
        #expect(check.errors.map(\.first.count) == [IntegrityErrors.most])
    }

    @Test(arguments: Backend.shared, ["number", "number_count", "\"user\"", "session"])
    func isReadyIfAllTablesExist(backend: Backend, table: String) async throws {
        let store = try await backend.store()
        try await store.checkReadiness()
        try await store.checkReads()
        try await execute(
            store,
            backend == .postgres
                ? "SET client_min_messages = error; DROP TABLE \(table) CASCADE"
                : "PRAGMA foreign_keys = OFF; DROP TABLE \(table)")
        #expect(await failure { try await store.checkReadiness() }.hasPrefix("unavailable"))
        // A missing table is not a transient error.
        if backend == .postgres, table == "number" {
            await #expect(throws: PostgresError.self) { try await store.number(1) }
        }
    }

    /// Writes a dump that PostgreSQL's tools can read. `BackupCommandTests` covers SQLite.
    @Test(.enabled(if: Backend.hasPostgres)) func backsUpPostgreSQL() async throws {
        // Use a database of its own: pg_dump fails if another test removes a table meanwhile.
        let address = try await Backend.postgresDatabase()
        await #expect(throws: NoInventory.self) { try await PostgresStore(address, creates: false) }
        _ = try await Backend.postgresStore(at: address)
        let file = try await temporaryFolder().appending(path: "inventory.dump")
        try Data().write(to: file)
        try PostgresStore.backUp(address, to: file.path)
        let beginning = try Data(contentsOf: file).prefix(5)
        #expect(String(decoding: beginning, as: UTF8.self) == "PGDMP")
    }
}
