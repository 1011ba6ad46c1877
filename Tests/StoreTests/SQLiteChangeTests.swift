import Foundation
import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Testing

/// Changes that rebuild indexes beside those of an operator, and files without a history.
@Suite struct SQLiteChangeTests {
    @Test func largeChangesKeepTheSchema() async throws {
        let store = try SQLiteStore()
        try store.database.write { db in
            try db.runScript(
                """
                CREATE TABLE arrival (number INTEGER);
                CREATE INDEX "an operator's own" ON number (version);
                CREATE TRIGGER "an operator's trigger" AFTER INSERT ON number BEGIN
                    INSERT INTO arrival VALUES (new.id);
                END
                """)
        }
        let before = try store.schema()
        let report = try await store.importNumbers(
            .create, (0..<12_000).map { .row($0 + 1, "+55 11 9\(12_340_000 + $0)") })
        try store.checkIndexes()
        let undo = try await store.undo(report.change)
        try store.checkIndexes()
        try await store.undo(undo.id)
        try store.checkIndexes()
        #expect(try store.schema() == before)
        let arrivals = try store.database.read { try $0.count("SELECT count(*) FROM arrival") }
        #expect(arrivals == 24_000)
    }

    @Test func olderFileGetsAHistory() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let old = try SQLiteStore(path: path)
            let number = try await old.createNumber(try NumberContent("+55 84 91234-4321"))
            try old.database.write { db in
                try db.runScript(
                    """
                    DROP TABLE change; DROP TABLE change_number;
                    DELETE FROM schema_addition WHERE identifier = 'changes'
                        OR identifier = 'kinds of changes are compared one by one'
                    """)
            }
            try old.close()
            let store = try SQLiteStore(path: path)
            #expect(try await store.history(ofNumber: number.id, Paging()).total == 0)
            let deleted = try await store.deleteNumber(number.id, if: .always, by: .tester)
            try await store.undo(deleted.change)
            #expect(try await store.number(number.id).content == number.content)
            #expect(try await store.number(number.id).version == 2)
            try store.close()
        }
    }

    @Test func migrationOfTheHistoryKeepsItsIDs() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let older = try SharedConnection(path: path)
            try Migrator(path: path, migrations: Array(Schema.migrations.prefix(4))).migrate(older)
            try older.write { db in
                try db.runScript(
                    """
                    INSERT INTO change (id, at, username, kind, count)
                    VALUES (7, 0, 'ana', 'create', 1), (9, 0, 'ana', 'create', 1);
                    DELETE FROM change WHERE id = 9
                    """)
            }
            older.close()
            let store = try SQLiteStore(path: path)
            let created = try await store.createNumber(
                try NumberContent("+55 84 91234-4321"), by: .tester)
            #expect(created.change == 10)
            #expect(try await store.listChanges(ChangeQuery()).elements.map(\.id) == [10, 7])
            try store.close()
        }
    }

    @Test func undoNoticesAProgramWithoutAHistory() async throws {
        let store = try SQLiteStore()
        let created = try await store.createNumber(
            try NumberContent("+55 84 91234-4321"), by: .tester)
        try store.database.write { db in
            try db.runScript("UPDATE number SET setupPrice = 7, version = version + 1")
        }
        let error = await #expect(throws: InventoryError.self) {
            try await store.undo(created.change)
        }
        guard case .cannotUndo(_, let obstacles) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(obstacles.elements == [.moved(id: 1, by: nil)])
    }
}

extension SQLiteStore {
    /// The statements that create the schema, in no order.
    func schema() throws -> Set<String> {
        try database.read { db in
            Set(
                try db.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") {
                    try $0.text()
                })
        }
    }

    /// Fails if the search index, the counts or an index differ from the numbers.
    func checkIndexes() throws {
        try database.write { db in
            try db.runScript(
                "INSERT INTO number_search (number_search, rank) VALUES ('integrity-check', 1)")
            let report = try db.rows("PRAGMA integrity_check") { try $0.text() }
            #expect(report == ["ok"])
            let differences = """
                SELECT count(*) FROM (
                    SELECT currency, count(*) AS count FROM number GROUP BY currency
                ) AS real FULL JOIN (
                    SELECT currency, count FROM number_count WHERE count > 0
                ) AS counted USING (currency) WHERE real.count IS NOT counted.count
                """
            #expect(try db.count(differences) == 0)
        }
    }
}
