package import Foundation
package import Inventory
package import Storage

extension SQLiteConnection: SQLTransaction {
    package static let migrationTable = (name: "grdb_migrations", column: "identifier")
    package static let mostNumbersBeforeLoading = Int.max

    package func forEachRow(
        _ sql: String, _ values: [StoredValue], isCached: Bool,
        _ body: (inout SQLiteRow) throws -> Void
    ) throws {
        try statement(sql, isCached: isCached).forEachRow(values, body)
    }

    package func change(_ sql: String, _ values: [StoredValue]) throws -> Int {
        try execute(sql, values)
        return changeCount
    }

    package func insert(_ rows: [[StoredValue]], into table: StoredTable) throws {
        let statement = try statement(table.insertion)
        for row in rows { try statement.execute(row) }
    }

    package func insertNew(_ contents: [NumberContent], isLoading: Bool) throws -> Int {
        try indexCreatedNumbers()
        let statement = try statement(
            StoredTable.newNumber.insertion + " ON CONFLICT (digits) DO NOTHING")
        return try contents.reduce(0) { count, content in
            try statement.execute(content.storedValues)
            return count + changeCount
        }
    }

    package func write(
        _ sql: String, _ values: [StoredValue], recording number: ChangedNumber,
        as kind: Change.Kind, by author: Author
    ) throws -> ChangeEntry.Key? {
        if let first = firstUnindexedID, number.id >= first { try indexCreatedNumbers() }
        try execute(sql, values)
        return try record(number, as: kind, by: author).key
    }

    func record(
        _ number: ChangedNumber, as kind: Change.Kind, by author: Author
    ) throws -> ChangeEntry {
        let record = Change(id: try newChangeID(), author: author, kind: kind, count: 1)
        try insert(record)
        let entry = ChangeEntry(change: record.id, number: number)
        try insert([entry.storedValues], into: .changeNumber)
        return entry
    }

    package func mappingDuplicates<Value>(
        of value: PhoneNumber, _ write: () throws -> Value
    ) throws -> Value {
        do {
            return try write()
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw try duplicateError(value) ?? error
        }
    }

    package func prune(until start: Date) throws {
        try execute(
            """
            DELETE FROM idempotency_key WHERE rowid IN (
                SELECT rowid FROM idempotency_key WHERE at <= $1 ORDER BY at LIMIT $2
            )
            """, [.integer(start.wholeMilliseconds), .integer(Int64(IdempotencyKey.mostPruned))])
    }

    package func hasTable(_ name: String) throws -> Bool {
        let tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1"
        return try count(tables, [.text(name)]) > 0
    }

    // https://www.sqlite.org/autoinc.html
    package func lastID(of table: String) throws -> Int64 {
        try row("SELECT seq FROM sqlite_sequence WHERE name = $1", [.text(table)]) {
            try $0.integer()
        } ?? 0
    }

    package func setLastID(_ id: Int64, of table: String) throws {
        try execute("DELETE FROM sqlite_sequence WHERE name = $1", [.text(table)])
        guard id > 0 else { return }
        try execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", [.text(table), .integer(id)])
    }
}
