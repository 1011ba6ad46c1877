import CSQLite
import Inventory
@testable import SQLiteStore
import Storage
import Testing

@Suite struct SQLiteStatementTests {
    private let database: SharedConnection

    init() throws {
        database = try SharedConnection()
        try database.use {
            try $0.runScript("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
        }
    }

    @Test func rowsHaveTheBoundValues() throws {
        try database.read { db in
            let values: [StoredValue] = [
                .text("é🙂"), .text(""), .integer(.min), .integer(0), .null, .text("last"),
            ]
            var texts: [String] = []
            var integers: [Int64] = []
            try db.statement("SELECT ?, ?, ?, ?, ?, ?").forEachRow(values) { row in
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

    @Test func nullIsAnError() throws {
        try database.read { db in
            #expect(throws: SQLiteError.self) { try db.row("SELECT NULL") { try $0.text() } }
            #expect(throws: SQLiteError.self) { try db.row("SELECT NULL") { try $0.integer() } }
            #expect(throws: SQLiteError.self) { try db.count("SELECT NULL") }
        }
    }

    /// Otherwise a parameter would keep its value from the last call.
    @Test(arguments: [0, 1, 3])
    func wrongCountOfValuesIsAnError(count: Int) throws {
        try database.read { db in
            let sum = "SELECT ? + ?"
            let three = try db.count(sum, [.integer(1), .integer(2)])
            #expect(three == 3)
            #expect(throws: SQLiteError.self) {
                try db.count(sum, [StoredValue](repeating: .integer(1), count: count))
            }
        }
    }

    @Test func failedStatementReportsItsErrorAndCanRunAgain() throws {
        try database.write { db in
            let sql = "INSERT INTO thing (name) VALUES (?)"
            try db.execute(sql, [.text("one")])
            let error = try #require(throws: SQLiteError.self) {
                try db.execute(sql, [.text("one")])
            }
            #expect(error.isUniqueViolation)
            #expect(error.message == "UNIQUE constraint failed: thing.name")
            #expect(error.sql == sql)
            try db.execute(sql, [.text("two")])
            let ids = try db.rows("SELECT id FROM thing ORDER BY name") { try $0.integer() }
            #expect(ids == [1, db.lastInsertedID])
        }
    }

    @Test func closedConnectionReportsAnError() throws {
        database.close()
        let error = #expect(throws: SQLiteError.self) {
            try database.read { try $0.count("SELECT 1") }
        }
        #expect(error?.primaryCode == SQLITE_MISUSE)
    }
}
