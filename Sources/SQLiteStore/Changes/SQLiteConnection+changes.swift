package import Inventory
internal import Storage

extension SQLiteConnection: ChangeTransaction {
    private static let insertRecord = """
        INSERT INTO change (\(Change.columns.names)) \
        VALUES (\(Change.columns.parameters))
        """
    private static let insertEntry = """
        INSERT INTO change_number (\(ChangeEntry.columns.names)) \
        VALUES (\(ChangeEntry.columns.parameters))
        """

    package func numbers(withIDs ids: [Int64]) throws -> [DIDNumber] {
        try ids.compactMap {
            try row(Self.selectNumberByID, [.integer($0)], as: DIDNumber.init(from:))
        }
    }

    package func numbers(withDigits digits: [String]) throws -> [DIDNumber] {
        try digits.compactMap {
            try row(Self.selectNumberByDigits, [.text($0)], as: DIDNumber.init(from:))
        }
    }

    package func page(_ query: NumberQuery) throws -> Page<DIDNumber> {
        try query.paging.page(of: query.count(in: self)) { try query.numbers(in: $0, of: self) }
    }

    package func change(_ id: Int64) throws -> Change? { try findChange(id) }

    package func lastUndo(of origin: Int64) throws -> Change? {
        try row(
            """
            SELECT \(Change.columns.names) FROM change WHERE origin = ?
            ORDER BY place DESC LIMIT 1
            """, [.integer(origin)], as: Change.init(from:))
    }

    package func newChangeID() throws -> Int64 { try lastID(of: "change") + 1 }

    package func newNumberIDs(_ count: Int) throws -> [Int64] {
        let last = try lastID(of: "number")
        try setLastID(last + Int64(count), of: "number")
        return Array((last + 1)..<(last + 1 + Int64(count)))
    }

    package func insert(_ record: Change) throws {
        try execute(Self.insertRecord, record.storedValues)
    }

    /// Inserts the rows at once: SQLite has one writer, so the id of the change is known.
    package func stage(_ numbers: [ChangedNumber]) throws {
        let change = try newChangeID()
        try insert(numbers.map { ChangeEntry(change: change, number: $0) })
    }

    package func insertStaged(in change: Int64) {}

    package func insert(_ entries: [ChangeEntry]) throws {
        let statement = try statement(Self.insertEntry)
        for entry in entries { try statement.execute(entry.storedValues) }
    }

    package func noteReversal(of change: Int64, in reversal: Int64) throws {
        let (before, after) = (ChangedNumber.columnsBefore, ChangedNumber.columnsAfter)
        try execute(
            """
            INSERT INTO change_number (
                change, standing, number, version, \((before + after).names)
            )
            SELECT ?, coalesce((
                SELECT coalesce(earlier.standing, earlier.change)
                FROM change_number AS earlier
                WHERE earlier.number = entry.number AND earlier.change < entry.change
                ORDER BY earlier.change DESC LIMIT 1
            ), 0), number, (
                SELECT latest.version FROM change_number AS latest
                WHERE latest.number = entry.number ORDER BY latest.change DESC LIMIT 1
            ) + (before_digits IS NOT NULL), \((after + before).names)
            FROM change_number AS entry WHERE change = ?
            """, [.integer(reversal), .integer(change)])
    }

    package func movedNumbers(since change: Int64) throws -> UndoConflicts {
        let (now, then) = (NumberContent.columns, ChangedNumber.columnsAfter)
        return try conflicts(
            """
            SELECT id, CASE WHEN has <> outcome THEN coalesce(
                (SELECT change.id FROM change WHERE change.id = has), "latestChange"
            ) END FROM (
                SELECT entry.number AS id, coalesce(entry.standing, entry.change) AS outcome,
                    coalesce(latest.standing, latest.change) AS has,
                    latest.change AS "latestChange",
                    CASE WHEN entry.after_digits IS NULL THEN number.id IS NULL
                    ELSE (number.version, \(now.names(of: "number")))
                        IS (latest.version, \(then.names(of: "entry")))
                    END AS isSame
                FROM change_number AS entry
                JOIN change_number AS latest ON latest.number = entry.number
                    AND latest.change = (
                        SELECT max(change) FROM change_number WHERE number = entry.number
                    )
                LEFT JOIN number ON number.id = entry.number
                WHERE entry.change = ?
            ) WHERE has <> outcome OR NOT isSame
            """, change
        ) { .moved(id: $0, by: $1) }
    }

    package func takenNumbers(in change: Int64) throws -> UndoConflicts {
        try conflicts(
            """
            SELECT mine.number AS id, other.id FROM change_number AS mine
            JOIN number AS other ON other.digits = mine.after_digits AND other.id <> mine.number
            LEFT JOIN change_number AS theirs
                ON theirs.change = mine.change AND theirs.number = other.id
            WHERE mine.change = ? AND mine.after_digits IS NOT mine.before_digits
                AND (theirs.number IS NULL OR theirs.after_digits IS other.digits)
            """, change
        ) { .taken(id: $0, by: $1 ?? 0) }
    }

    /// - Parameter selection: Finds the id of each number in conflict, and the other change or number.
    private func conflicts(
        _ selection: String, _ change: Int64, conflict: (Int64, Int64?) -> UndoConflict
    ) throws -> UndoConflicts {
        let first = try rows(
            selection + " ORDER BY 1 LIMIT ?",
            [.integer(change), .integer(Int64(UndoConflict.most))]
        ) { row in conflict(try row.integer(), try row.optionalInteger()) }
        guard first.count == UndoConflict.most else {
            return UndoConflicts(elements: first, total: first.count)
        }
        let total = try count("SELECT count(*) FROM (\(selection))", [.integer(change)])
        return UndoConflicts(elements: first, total: total)
    }
}
