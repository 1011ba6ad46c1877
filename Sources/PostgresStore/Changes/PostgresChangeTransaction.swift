internal import Inventory
internal import Storage

/// A transaction of a change: see ``PostgresStore/changingNumbers(operation:once:_:)``.
struct PostgresChangeTransaction: ChangeTransaction {
    let connection: Connection
    /// Whether the numbers that are found are locked until the transaction ends.
    var isLocking = true

    func numbers(withIDs ids: [Int64]) throws -> [DIDNumber] {
        try numbers("id", "bigint", ids.sorted().map(String.init))
    }

    func numbers(withDigits digits: [String]) throws -> [DIDNumber] {
        try numbers("digits", "text", digits.sorted())
    }

    /// - Parameter column: A unique one.
    private func numbers(
        _ column: String, _ type: String, _ keys: [String]
    ) throws -> [DIDNumber] {
        guard !keys.isEmpty else { return [] }
        return try connection.query(
            Self.lookUp(column, type) + lock + ") AS found", ["{\(keys.joined(separator: ","))}"],
            isPrepared: false, timeout: nil
        ).map(DIDNumber.init(row:))
    }

    /// Finds each key in the unique index, whatever the statistics say.
    ///
    /// The planner joins no subquery with LIMIT. The closing parenthesis is missing.
    static func lookUp(_ column: String, _ type: String) -> String {
        """
        SELECT found.* FROM unnest($1::\(type)[]) AS given (key) CROSS JOIN LATERAL (
            SELECT \(DIDNumber.columnNames) FROM number WHERE \(column) = given.key LIMIT 1
        """
    }

    private var lock: String { isLocking ? " FOR UPDATE" : "" }

    /// A locked number matches the query as it is then, not only as it was before the wait for its lock.
    func page(_ query: NumberQuery) throws -> NumberPage {
        // A search may take the server longer than others may wait for its locks.
        let longest = Connection.statementTimeout.inMilliseconds
        try connection.execute("SET LOCAL statement_timeout = \(longest)")
        let page = try query.page(of: query.count(in: connection)) { window in
            isLocking
                ? try query.lockedNumbers(in: window, of: connection)
                : try query.numbers(in: window, of: connection)
        }
        try connection.execute("SET LOCAL statement_timeout = 0")
        return page
    }

    /// Another undo of the same change is finished then, and the pruning of the history waits.
    func change(_ id: Int64) throws -> Change? {
        try connection.query("SELECT FROM change WHERE id = $1 FOR NO KEY UPDATE", [String(id)])
        return try Self.change(id, in: connection)
    }

    static func change(_ id: Int64, in connection: Connection) throws -> Change? {
        try connection.query("SELECT \(Change.selection) FROM change WHERE id = $1", [String(id)])
            .first(Change.init(row:))
    }

    func oldestChange() throws -> Int64? {
        try connection.query("SELECT id FROM change ORDER BY id LIMIT 1")
            .first { try $0.integer(0) }
    }

    func lastUndo(of origin: Int64) throws -> ChangeRecord? {
        try connection.query(
            """
            SELECT \(ChangeRecord.columns.names) FROM change WHERE origin = $1
            ORDER BY place DESC LIMIT 1 FOR SHARE
            """, [String(origin)]
        ).first(ChangeRecord.init(row:))
    }

    func newChangeID() throws -> Int64 {
        try newIDs(1, of: "change").first ?? 0
    }

    func newNumberIDs(_ count: Int) throws -> [Int64] {
        try newIDs(count, of: "number").sorted()
    }

    private func newIDs(_ count: Int, of table: String) throws -> [Int64] {
        try connection.query(
            "SELECT nextval(pg_get_serial_sequence('\(table)', 'id')) FROM generate_series(1, $1)",
            [String(count)], timeout: nil
        ).map { try $0.integer(0) }
    }

    func insert(_ record: ChangeRecord) throws { try insert([record]) }

    func insert(_ records: [ChangeRecord]) throws {
        try connection.copy(records.map(\.storedValues), ChangeRecord.columns, into: "change")
    }

    func insert(_ notes: [ChangeEntry]) throws {
        try connection.copy(notes.map(\.storedValues), ChangeEntry.columns, into: "change_number")
    }

    func stage(_ numbers: [ChangedNumber]) throws {
        try connection.execute(Self.stagingTable)
        try connection.copy(
            numbers.map(\.storedValues), ChangedNumber.columns, into: "staged_number")
    }

    func insertStaged(in change: Int64) throws {
        try connection.query(
            """
            INSERT INTO change_number (change, \(ChangedNumber.columns.names))
            SELECT $1::bigint, \(ChangedNumber.columns.names) FROM staged_number ORDER BY number
            """, [String(change)], isPrepared: false, timeout: nil)
    }

    private static let stagingTable = """
        CREATE TEMPORARY TABLE IF NOT EXISTS staged_number ON COMMIT DROP
        AS SELECT \(ChangedNumber.columns.names) FROM change_number WITH NO DATA
        """

    func noteReversal(of change: Int64, in reversal: Int64) throws {
        let (before, after) = (ChangedNumber.columnsBefore, ChangedNumber.columnsAfter)
        try connection.query(
            """
            INSERT INTO change_number (
                change, standing, number, version, \((before + after).names)
            )
            SELECT $1::bigint, coalesce((
                SELECT coalesce(earlier.standing, earlier.change) FROM change_number AS earlier
                WHERE earlier.number = noted.number AND earlier.change < noted.change
                ORDER BY earlier.change DESC LIMIT 1
            ), 0), number, (
                SELECT latest.version FROM change_number AS latest
                WHERE latest.number = noted.number ORDER BY latest.change DESC LIMIT 1
            ) + (before_digits IS NOT NULL)::int, \((after + before).names)
            FROM change_number AS noted WHERE change = $2
            """, [String(reversal), String(change)], timeout: nil)
    }
}

extension PostgresChangeTransaction {
    func movedNumbers(since change: Int64) throws -> UndoConflicts {
        try lockNumbers(of: change)
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
                        IS NOT DISTINCT FROM (latest.version, \(then.names(of: "noted")))
                    END AS "isSame"
                FROM change_number AS noted
                JOIN change_number AS latest ON latest.number = noted.number
                    AND latest.change = (
                        SELECT max(change) FROM change_number WHERE number = noted.number
                    )
                LEFT JOIN number ON number.id = noted.number
                WHERE noted.change = $1
            ) AS found WHERE has <> outcome OR NOT "isSame"
            """, change
        ) { .moved(by: $0) }
    }

    /// Until the transaction ends, no other one changes the numbers of `change` that exist.
    private func lockNumbers(of change: Int64) throws {
        try connection.execute(Self.usingIndexes)
        try connection.query(
            """
            SELECT count(*) FROM (
                SELECT FROM change_number JOIN number ON number.id = change_number.number
                WHERE change = $1 ORDER BY number.id FOR UPDATE OF number
            ) AS locked
            """, [String(change)], timeout: nil)
    }

    func takenNumbers(in change: Int64) throws -> UndoConflicts {
        try obstacles(
            """
            SELECT mine.number AS id, other.id AS "takenBy" FROM change_number AS mine
            JOIN number AS other ON other.digits = mine.after_digits AND other.id <> mine.number
            LEFT JOIN change_number AS theirs
                ON theirs.change = mine.change AND theirs.number = other.id
            WHERE mine.change = $1 AND mine.after_digits IS DISTINCT FROM mine.before_digits
                AND (theirs.number IS NULL OR theirs.after_digits = other.digits)
            """, change
        ) { .taken(by: $0 ?? 0) }
    }

    /// - Parameter selection: Finds the id of each number that is in the way, and what moved it.
    private func obstacles(
        _ selection: String, _ change: Int64, reason: (Int64?) -> UndoConflict.Reason
    ) throws -> UndoConflicts {
        let first = try connection.query(
            selection + " ORDER BY 1 LIMIT \(UndoConflicts.most)", [String(change)], timeout: nil
        ).map { row in
            UndoConflict(
                id: try row.integer(0), reason: reason(row.isNull(1) ? nil : try row.integer(1)))
        }
        guard first.count == UndoConflicts.most else {
            return UndoConflicts(total: first.count, first: first)
        }
        let total = try connection.query(
            "SELECT count(*) FROM (\(selection)) AS found", [String(change)], timeout: nil
        ).first { Int(try $0.integer(0)) }
        return UndoConflicts(total: total ?? 0, first: first)
    }
}
