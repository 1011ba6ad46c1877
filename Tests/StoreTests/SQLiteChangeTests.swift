import Foundation
import GRDB
import Inventory
@testable import SQLiteStore
import StoreTesting
import Testing

/// What only SQLite's changes have: indexes that are made anew beside those of an operator, and files
/// from before there was a history.
@Suite struct SQLiteChangeTests {
    @Test func largeChangesLeaveTheSchemaAsItWas() async throws {
        let store = try SQLiteStore()
        try await store.database.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE arrival (number INTEGER);
                    CREATE INDEX "an operator's own" ON number (version);
                    CREATE TRIGGER "an operator's trigger" AFTER INSERT ON number BEGIN
                        INSERT INTO arrival VALUES (new.id);
                    END
                    """)
        }
        let before = try Self.schema(of: store)
        let report = try await store.importNumbers(
            .create, (0..<12_000).map { .row($0 + 1, "+55 11 9\(12_340_000 + $0)") })
        try Self.checkIndexes(of: store)
        let undo = try await store.undo(report.change)
        try Self.checkIndexes(of: store)
        try await store.undo(undo.id)
        try Self.checkIndexes(of: store)
        #expect(try Self.schema(of: store) == before)
        let arrivals = try await store.database.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM arrival")
        }
        #expect(arrivals == 24_000)
    }

    /// - Throws: Where the index of searches, the counts or an index differ from the numbers.
    private static func checkIndexes(of store: SQLiteStore) throws {
        try store.database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO number_search (number_search, rank) VALUES ('integrity-check', 1)
                    """)
            #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
            let counted = try Row.fetchAll(
                db, sql: "SELECT currency, count FROM number_count WHERE count > 0")
            let real = try Row.fetchAll(
                db, sql: "SELECT currency, count(*) AS count FROM number GROUP BY currency")
            #expect(counted == real)
        }
    }

    /// The statements that make all there is, in no order.
    private static func schema(of store: SQLiteStore) throws -> Set<String> {
        try store.database.read { db in
            try String.fetchSet(db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
        }
    }

    @Test func aFileFromBeforeHasNoHistoryAndGetsOne() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let old = try SQLiteStore(path: path)
            let number = try await old.createNumber(try NumberContent("+55 84 91234-4321"))
            try await old.database.write { db in
                try db.execute(
                    sql: """
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

    @Test func aHistoryKeepsItsIDsWhenItsTableIsMadeAnew() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let older = try DatabaseQueue(path: path)
            try Migrator(path: path, migrations: Array(Schema.migrations.prefix(4))).migrate(older)
            try await older.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO change (id, at, username, kind, count)
                        VALUES (7, 0, 'ana', 'create', 1), (9, 0, 'ana', 'create', 1);
                        DELETE FROM change WHERE id = 9
                        """)
            }
            try older.close()
            let store = try SQLiteStore(path: path)
            let created = try await store.createNumber(
                try NumberContent("+55 84 91234-4321"), by: .tester)
            #expect(created.change == 10)
            #expect(try await store.listChanges(ChangeQuery()).elements.map(\.id) == [10, 7])
            try store.close()
        }
    }

    @Test func aProgramWithoutAHistoryIsNoticed() async throws {
        let store = try SQLiteStore()
        let created = try await store.createNumber(
            try NumberContent("+55 84 91234-4321"), by: .tester)
        try await store.database.write { db in
            try db.execute(sql: "UPDATE number SET setupPrice = 7, version = version + 1")
        }
        let error = await #expect(throws: InventoryError.self) {
            try await store.undo(created.change)
        }
        guard case .cannotUndo(_, let obstacles) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(obstacles.first == [UndoConflict(id: 1, reason: .moved(by: nil))])
    }
}
