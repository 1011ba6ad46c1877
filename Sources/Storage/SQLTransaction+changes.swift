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
        let restored = NumberContent.Member.allCases.flatMap { member in
            let isChanged = member.isChanged(in: "entry")
            return zip(member.columnsBefore, member.columnsAfter).map { before, after in
                let (old, current) = ([before].names(of: "entry"), [after].names(of: "latest"))
                return "CASE WHEN \(isChanged) THEN \(old) ELSE \(current) END"
            }
        }
        try self.change(
            """
            INSERT INTO change_number (change, standing, number, version, \((before + after).names))
            SELECT CAST($1 AS BIGINT), CASE WHEN \(Self.isOutcome) THEN coalesce((
                SELECT coalesce(earlier.standing, earlier.change) FROM change_number AS earlier
                WHERE earlier.number = entry.number AND earlier.change < entry.change
                ORDER BY earlier.change DESC LIMIT 1
            ), 0) END, entry.number,
                latest.version + CASE WHEN entry.before_digits IS NULL THEN 0 ELSE 1 END,
                \(after.names(of: "latest")), \(restored.joined(separator: ", "))
            FROM \(Self.entriesWithLatest) WHERE entry.change = $2
            """, [.integer(reversal), .integer(change)])
    }

    /// Each `entry` of a change, with the `latest` entry of its number.
    private static var entriesWithLatest: String {
        """
        change_number AS entry JOIN change_number AS latest ON latest.number = entry.number
            AND latest.change = (SELECT max(change) FROM change_number WHERE number = entry.number)
        """
    }

    /// Whether the number's whole content is the result of `entry`.
    private static var isOutcome: String {
        "coalesce(latest.standing, latest.change) = coalesce(entry.standing, entry.change)"
    }

    package func movedNumbers(since change: Int64) throws -> UndoConflicts {
        try useIndexes()
        try lockNumbers(ofChange: change)
        let members = NumberContent.Member.allCases
        let (now, then) = (NumberContent.columns, ChangedNumber.columnsAfter)
        let later = members.map { "later_\($0.columns[0].name)" }
        return try conflicts(
            """
            SELECT id, \(later.joined(separator: ", ")) FROM (
                SELECT entry.number AS id, \(members.map(Self.laterChange).joined(separator: ", ")),
                    CASE WHEN latest.after_digits IS NULL
                    THEN number.id IS NULL AND entry.after_digits IS NULL
                    ELSE coalesce((number.version, \(now.names(of: "number")))
                        = (latest.version, \(then.names(of: "latest")))
                        AND \(members.map(Self.isResult).joined(separator: " AND ")), FALSE)
                    END AS is_same
                FROM \(Self.entriesWithLatest) LEFT JOIN number ON number.id = entry.number
                WHERE entry.change = $1
            ) AS found
            WHERE NOT is_same OR coalesce(\(later.joined(separator: ", "))) IS NOT NULL
            """, change
        ) { row in
            let id = try row.integer()
            let later = try members.map { ($0, try row.optionalInteger()) }
            return .moved(
                id: id, by: later.compactMap(\.1).max(),
                members: later.filter { $0.1 != nil }.map(\.0))
        }
    }

    /// Whether `member` has the value that `entry` gave it, if it did.
    private static func isResult(_ member: NumberContent.Member) -> String {
        let after = member.columnsAfter
        return """
            (NOT \(member.isChanged(in: "entry"))
                OR (\(after.names(of: "latest"))) = (\(after.names(of: "entry"))))
            """
    }

    /// The last later change of `member`, if `entry` changed it. A later change that was undone does
    /// not count: it and its undos and redos are an even number of entries.
    private static func laterChange(of member: NumberContent.Member) -> String {
        """
        CASE WHEN NOT \(isOutcome) AND \(member.isChanged(in: "entry")) THEN (
            SELECT max(later.change) FROM change_number AS later
            JOIN change ON change.id = later.change
            WHERE later.number = entry.number AND later.change > entry.change
                AND \(member.isChanged(in: "later"))
            GROUP BY coalesce(change.origin, change.id) HAVING count(*) % 2 = 1
            ORDER BY 1 DESC LIMIT 1
        ) END AS later_\(member.columns[0].name)
        """
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
        ) { row in .taken(id: try row.integer(), by: try row.integer()) }
    }

    /// - Parameter selection: Selects first the id of each conflicting number.
    private func conflicts(
        _ selection: String, _ change: Int64, as conflict: (inout Row) throws -> UndoConflict
    ) throws -> UndoConflicts {
        let first = try rows(
            selection + " ORDER BY 1 LIMIT \(UndoConflict.most)", [.integer(change)], as: conflict)
        guard first.count == UndoConflict.most else {
            return UndoConflicts(elements: first, total: first.count)
        }
        let total = try count(
            "SELECT count(*) FROM (\(selection)) AS found", [.integer(change)])
        return UndoConflicts(elements: first, total: total)
    }
}

extension NumberContent.Member {
    fileprivate var columnsBefore: [StoredColumn] { columns.map { $0.prefixed("before_") } }
    fileprivate var columnsAfter: [StoredColumn] { columns.map { $0.prefixed("after_") } }

    /// Whether a row of `change_number` changed the member. A creation or deletion changed all.
    fileprivate func isChanged(in entry: String) -> String {
        let (before, after) = (columnsBefore.names(of: entry), columnsAfter.names(of: entry))
        return "coalesce((\(before)) <> (\(after)), TRUE)"
    }
}
