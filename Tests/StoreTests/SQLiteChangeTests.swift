import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Testing

/// Files that were written by programs without a history.
@Suite(.stores) struct SQLiteChangeTests {
    @Test func olderFileGetsAHistory() async throws {
        let path = try await Backend.sqlitePath()
        let old = try SQLiteStore(path: path)
        let number = try await old.create("4321").number
        try old.database.write { db in
            try db.runScript(
                """
                DROP TABLE change; DROP TABLE change_number;
                DELETE FROM schema_addition WHERE identifier = 'changes'
                    OR identifier = 'kinds of changes are compared one by one'
                """)
        }
        try old.close()
        let store = try await Backend.sqliteStore(at: path)
        #expect(try await store.history(ofNumber: number.id, Paging()).total == 0)
        let deleted = try await store.deleteNumber(number.id, if: .always, by: .tester)
        try await store.undo(deleted.change)
        #expect(try await store.number(number.id).content == number.content)
        #expect(try await store.number(number.id).version == 2)
    }

    @Test func migrationOfTheHistoryKeepsItsIDs() async throws {
        let path = try await Backend.sqlitePath()
        try SharedConnection.withSchema(at: path, migrations: 4) { db in
            try db.runScript(
                """
                INSERT INTO change (id, at, username, kind, count)
                VALUES (7, 0, 'ana', 'create', 1), (9, 0, 'ana', 'create', 1);
                DELETE FROM change WHERE id = 9
                """)
        }
        let store = try await Backend.sqliteStore(at: path)
        #expect(try await store.create("4321").change == 10)
        #expect(try await store.listChanges(ChangeQuery()).elements.map(\.id) == [10, 7])
    }

    @Test func undoNoticesAProgramWithoutAHistory() async throws {
        let store = try SQLiteStore()
        let created = try await store.create("4321")
        try store.database.write { db in
            try db.runScript("UPDATE number SET setupPrice = 7, version = version + 1")
        }
        try await store.expectConflict(.moved(id: 1, by: nil, members: []), undoing: created.change)
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
