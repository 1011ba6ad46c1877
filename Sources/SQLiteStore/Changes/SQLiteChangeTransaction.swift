internal import GRDB
internal import Inventory
internal import Storage

/// SQLite's one writer, in a transaction.
struct SQLiteChangeTransaction: ChangeTransaction {
    let db: Database

    func numbers(withIDs ids: [Int64]) throws -> [DIDNumber] {
        let statement = try db.cachedStatement(sql: SQLiteStore.selectByID)
        return try ids.compactMap { try DIDNumber.fetchOne(statement, [.integer($0)]) }
    }

    func numbers(withDigits digits: [String]) throws -> [DIDNumber] {
        let statement = try db.cachedStatement(sql: SQLiteStore.selectByDigits)
        return try digits.compactMap { try DIDNumber.fetchOne(statement, [.text($0)]) }
    }

    func page(_ query: NumberQuery) throws -> NumberPage {
        try query.page(of: query.count(in: db)) { try query.numbers(in: $0, of: db) }
    }

    func change(_ id: Int64) throws -> Change? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(Change.selection) FROM change WHERE id = ?")
        return try Change.fetchOne(statement, [.integer(id)])
    }

    func oldestChange() throws -> Int64? {
        try Int64.fetchOne(db, sql: "SELECT min(id) FROM change")
    }

    func lastUndo(of origin: Int64) throws -> ChangeRecord? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(ChangeRecord.columns.names) FROM change WHERE origin = ?
                ORDER BY place DESC LIMIT 1
                """)
        return try ChangeRecord.fetchOne(statement, [.integer(origin)])
    }

    func newChangeID() throws -> Int64 { try lastID(of: "change") + 1 }

    func newNumberIDs(_ count: Int) throws -> [Int64] {
        let last = try lastID(of: "number")
        try db.setLastID(last + Int64(count), of: "number")
        return Array((last + 1)..<(last + 1 + Int64(count)))
    }

    private func lastID(of table: String) throws -> Int64 { try db.lastID(of: table) }

    func insert(_ record: ChangeRecord) throws {
        let statement = try db.cachedStatement(sql: Self.recordInsertion)
        try statement.execute(record.storedValues)
    }

    /// No other transaction writes, so the id of the change is known.
    func stage(_ numbers: [ChangedNumber]) throws {
        let change = try newChangeID()
        try insert(numbers.map { ChangeEntry(change: change, number: $0) })
    }

    func insertStaged(in change: Int64) {}

    func insert(_ notes: [ChangeEntry]) throws {
        let statement = try db.cachedStatement(sql: Self.noteInsertion)
        for note in notes { try statement.execute(note.storedValues) }
    }

    // Written once, since every change of a number needs them.
    private static let recordInsertion =
        "INSERT INTO change (\(ChangeRecord.columns.names)) VALUES (\(ChangeRecord.columns.marks))"
    private static let noteInsertion =
        "INSERT INTO change_number (\(ChangeEntry.columns.names)) VALUES (\(ChangeEntry.columns.marks))"

    func noteReversal(of change: Int64, in reversal: Int64) throws {
        let (before, after) = (ChangedNumber.columnsBefore, ChangedNumber.columnsAfter)
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO change_number (
                    change, standing, number, version, \((before + after).names)
                )
                SELECT ?, coalesce((
                    SELECT coalesce(earlier.standing, earlier.change)
                    FROM change_number AS earlier
                    WHERE earlier.number = noted.number AND earlier.change < noted.change
                    ORDER BY earlier.change DESC LIMIT 1
                ), 0), number, (
                    SELECT latest.version FROM change_number AS latest
                    WHERE latest.number = noted.number ORDER BY latest.change DESC LIMIT 1
                ) + (before_digits IS NOT NULL), \((after + before).names)
                FROM change_number AS noted WHERE change = ?
                """)
        try statement.execute([.integer(reversal), .integer(change)])
    }
}

extension SQLiteChangeTransaction {
    func movedNumbers(since change: Int64) throws -> UndoConflicts {
        let (now, then) = (NumberContent.columns, ChangedNumber.columnsAfter)
        return try obstacles(
            """
            SELECT id, CASE WHEN has <> outcome THEN coalesce(
                (SELECT change.id FROM change WHERE change.id = has), "latestChange"
            ) END FROM (
                SELECT noted.number AS id, coalesce(noted.standing, noted.change) AS outcome,
                    coalesce(latest.standing, latest.change) AS has,
                    latest.change AS "latestChange",
                    CASE WHEN noted.after_digits IS NULL THEN number.id IS NULL
                    ELSE (number.version, \(now.names(of: "number")))
                        IS (latest.version, \(then.names(of: "noted")))
                    END AS isSame
                FROM change_number AS noted
                JOIN change_number AS latest ON latest.number = noted.number
                    AND latest.change = (
                        SELECT max(change) FROM change_number WHERE number = noted.number
                    )
                LEFT JOIN number ON number.id = noted.number
                WHERE noted.change = ?
            ) WHERE has <> outcome OR NOT isSame
            """, change
        ) { .moved(by: $0) }
    }

    func takenNumbers(in change: Int64) throws -> UndoConflicts {
        try obstacles(
            """
            SELECT mine.number AS id, other.id FROM change_number AS mine
            JOIN number AS other ON other.digits = mine.after_digits AND other.id <> mine.number
            LEFT JOIN change_number AS theirs
                ON theirs.change = mine.change AND theirs.number = other.id
            WHERE mine.change = ? AND mine.after_digits IS NOT mine.before_digits
                AND (theirs.number IS NULL OR theirs.after_digits IS other.digits)
            """, change
        ) { .taken(by: $0 ?? 0) }
    }

    /// - Parameter selection: Finds the id of each number that is in the way, and what moved it.
    private func obstacles(
        _ selection: String, _ change: Int64, reason: (Int64?) -> UndoConflict.Reason
    ) throws -> UndoConflicts {
        let first = try Row.fetchAll(
            db, sql: selection + " ORDER BY 1 LIMIT ?", arguments: [change, UndoConflicts.most]
        ).map { UndoConflict(id: $0[0], reason: reason($0[1])) }
        guard first.count == UndoConflicts.most else {
            return UndoConflicts(total: first.count, first: first)
        }
        let total = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM (\(selection))", arguments: [change])
        return UndoConflicts(total: total ?? 0, first: first)
    }
}

extension Database {
    /// The last id that was given to a row of the table, 0 where none was.
    // https://www.sqlite.org/autoinc.html
    func lastID(of table: String) throws -> Int64 {
        let statement = try cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = ?")
        return try Int64.fetchOne(statement, [.text(table)]) ?? 0
    }

    func setLastID(_ id: Int64, of table: String) throws {
        try execute(sql: "DELETE FROM sqlite_sequence WHERE name = ?", arguments: [table])
        guard id > 0 else { return }
        try execute(
            sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", arguments: [table, id])
    }
}
