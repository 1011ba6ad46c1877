import GRDB
import Inventory
@testable import SQLiteStore
import Storage
import Testing

/// Statements that are stepped without GRDB's arguments and rows.
@Suite struct RowReaderTests {
    private let database: DatabaseQueue

    init() throws {
        database = try DatabaseQueue()
        try database.write { db in
            try db.execute(sql: "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
        }
    }

    @Test func readsWhatItWasGiven() throws {
        try database.read { db in
            let values: [StoredValue] = [
                .text("é🙂"), .text(""), .integer(.min), .integer(0), .null, .text("last"),
            ]
            var texts: [String] = []
            var integers: [Int64] = []
            try db.makeStatement(sql: "SELECT ?, ?, ?, ?, ?, ?").forEachRow(values) { row in
                texts += [try row.text(), try row.text()]
                integers += [try row.integer(), try row.integer()]
                #expect(row.isNull)
                row.skip(1)
                #expect(!row.isNull)
                texts.append(try row.text())
            }
            #expect(texts == ["é🙂", "", "last"])
            #expect(integers == [.min, 0])
        }
    }

    @Test func whatIsNotThereIsAnError() throws {
        try database.read { db in
            let statement = try db.makeStatement(sql: "SELECT NULL")
            #expect(throws: DatabaseError.self) {
                try statement.forEachRow { row in _ = try row.text() }
            }
            #expect(throws: DatabaseError.self) {
                try statement.forEachRow { row in _ = try row.integer() }
            }
            #expect(throws: DatabaseError.self) { try Int64.fetchOne(statement) }
        }
    }

    /// Else a parameter would have the value that it had the last time.
    @Test(arguments: [0, 1, 3])
    func refusesAnotherNumberOfValues(count: Int) throws {
        try database.read { db in
            let statement = try db.cachedStatement(sql: "SELECT ? + ?")
            #expect(try Int64.fetchOne(statement, [.integer(1), .integer(2)]) == 3)
            #expect(throws: DatabaseError.self) {
                try Int64.fetchOne(statement, [StoredValue](repeating: .integer(1), count: count))
            }
        }
    }

    @Test func aStatementThatFailsSaysWhyAndServesAgain() throws {
        try database.write { db in
            let sql = "INSERT INTO thing (name) VALUES (?)"
            let statement = try db.cachedStatement(sql: sql)
            try statement.execute([.text("one")])
            let error = try #require(throws: DatabaseError.self) {
                try statement.execute([.text("one")])
            }
            #expect(error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE)
            #expect(error.message == "UNIQUE constraint failed: thing.name")
            #expect(error.sql == sql)
            try statement.execute([.text("two")])
            let all = try db.cachedStatement(sql: "SELECT id FROM thing ORDER BY name")
            #expect(try Int64.fetchAll(all) == [1, db.lastInsertedRowID])
        }
    }
}
