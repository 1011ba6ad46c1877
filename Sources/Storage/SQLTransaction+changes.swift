package import Inventory

extension SQLTransaction {
    package func change(_ id: Int64) throws -> Change? {
        try lockChange(id)
        return try findChange(id)
    }

    package func lastUndo(of origin: Int64) throws -> Change? {
        try row(
            """
            SELECT \(Change.columns.names) FROM change WHERE origin = $1
            ORDER BY place DESC LIMIT 1\(lock(for: "SHARE"))
            """, [.integer(origin)], as: Change.init)
    }

    package func insert(_ record: Change) throws {
        try insert([record.storedValues], into: .change)
    }

    package func noteReversal(of change: Int64, in reversal: Int64) throws {
        let (before, after) = (ChangedNumber.columnsBefore, ChangedNumber.columnsAfter)
        try self.change(
            """
            INSERT INTO change_number (change, standing, number, version, \((before + after).names))
            SELECT CAST($1 AS BIGINT), coalesce((
                SELECT coalesce(earlier.standing, earlier.change) FROM change_number AS earlier
                WHERE earlier.number = entry.number AND earlier.change < entry.change
                ORDER BY earlier.change DESC LIMIT 1
            ), 0), number, (
                SELECT latest.version FROM change_number AS latest
                WHERE latest.number = entry.number ORDER BY latest.change DESC LIMIT 1
            ) + CASE WHEN before_digits IS NULL THEN 0 ELSE 1 END, \((after + before).names)
            FROM change_number AS entry WHERE change = $2
            """, [.integer(reversal), .integer(change)])
    }

    package func movedNumbers(since change: Int64) throws -> UndoConflicts {
        try useIndexes()
        try lockNumbers(ofChange: change)
        let (now, then) = (NumberContent.columns, ChangedNumber.columnsAfter)
        return try conflicts(
            """
            SELECT id, CASE WHEN has <> outcome THEN coalesce(
                (SELECT change.id FROM change WHERE change.id = has), latest_change
            ) END AS other FROM (
                SELECT entry.number AS id, coalesce(entry.standing, entry.change) AS outcome,
                    coalesce(latest.standing, latest.change) AS has,
                    latest.change AS latest_change,
                    CASE WHEN entry.after_digits IS NULL THEN number.id IS NULL
                    ELSE coalesce((number.version, \(now.names(of: "number")))
                        = (latest.version, \(then.names(of: "entry"))), FALSE)
                    END AS is_same
                FROM change_number AS entry
                JOIN change_number AS latest ON latest.number = entry.number
                    AND latest.change = (
                        SELECT max(change) FROM change_number WHERE number = entry.number
                    )
                LEFT JOIN number ON number.id = entry.number
                WHERE entry.change = $1
            ) AS found WHERE has <> outcome OR NOT is_same
            """, change
        ) { .moved(id: $0, by: $1) }
    }

    package func takenNumbers(in change: Int64) throws -> UndoConflicts {
        try conflicts(
            """
            SELECT mine.number AS id, holder.id AS other FROM change_number AS mine
            JOIN number AS holder
                ON holder.digits = mine.after_digits AND holder.id <> mine.number
            LEFT JOIN change_number AS theirs
                ON theirs.change = mine.change AND theirs.number = holder.id
            WHERE mine.change = $1 AND mine.after_digits <> coalesce(mine.before_digits, '')
                AND (theirs.number IS NULL OR theirs.after_digits = holder.digits)
            """, change
        ) { .taken(id: $0, by: $1 ?? 0) }
    }

    /// - Parameter selection: Selects the id of each conflicting number, and the id of the other
    ///   change or number.
    private func conflicts(
        _ selection: String, _ change: Int64, conflict: (Int64, Int64?) -> UndoConflict
    ) throws -> UndoConflicts {
        let first = try rows(
            selection + " ORDER BY 1 LIMIT \(UndoConflict.most)", [.integer(change)]
        ) { row in conflict(try row.integer(), try row.optionalInteger()) }
        guard first.count == UndoConflict.most else {
            return UndoConflicts(elements: first, total: first.count)
        }
        let total = try count(
            "SELECT count(*) FROM (\(selection)) AS found", [.integer(change)])
        return UndoConflicts(elements: first, total: total)
    }
}
