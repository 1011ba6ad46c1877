internal import Inventory
internal import Storage

extension PostgresChangeTransaction {
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
            """, [String(reversal), String(change)])
    }

    func movedNumbers(since change: Int64) throws -> UndoConflicts {
        try lockNumbers(of: change)
        let (now, then) = (NumberContent.columns, ChangedNumber.columnsAfter)
        return try conflicts(
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
        ) { .moved(id: $0, by: $1) }
    }

    private func lockNumbers(of change: Int64) throws {
        try connection.execute(Self.usingIndexes)
        try connection.query(
            """
            SELECT count(*) FROM (
                SELECT FROM change_number JOIN number ON number.id = change_number.number
                WHERE change = $1 ORDER BY number.id FOR UPDATE OF number
            ) AS locked
            """, [String(change)])
    }

    func takenNumbers(in change: Int64) throws -> UndoConflicts {
        try conflicts(
            """
            SELECT mine.number AS id, other.id AS "takenBy" FROM change_number AS mine
            JOIN number AS other ON other.digits = mine.after_digits AND other.id <> mine.number
            LEFT JOIN change_number AS theirs
                ON theirs.change = mine.change AND theirs.number = other.id
            WHERE mine.change = $1 AND mine.after_digits IS DISTINCT FROM mine.before_digits
                AND (theirs.number IS NULL OR theirs.after_digits = other.digits)
            """, change
        ) { .taken(id: $0, by: $1 ?? 0) }
    }

    /// - Parameter selection: Finds the id of each conflicting number, and the other change or number.
    private func conflicts(
        _ selection: String, _ change: Int64, conflict: (Int64, Int64?) -> UndoConflict
    ) throws -> UndoConflicts {
        let first = try connection.rows(
            selection + " ORDER BY 1 LIMIT \(UndoConflict.most)", [.integer(change)]
        ) { row in conflict(try row.integer(), try row.optionalInteger()) }
        guard first.count == UndoConflict.most else {
            return UndoConflicts(elements: first, total: first.count)
        }
        let total = try connection.count(
            "SELECT count(*) FROM (\(selection)) AS found", [.integer(change)])
        return UndoConflicts(elements: first, total: total)
    }
}
