package import Inventory
package import Storage

extension Connection {
    package func numbers(withIDs ids: [Int64]) throws -> [DIDNumber] {
        try numbers("id", "bigint", ids.sorted().map(String.init))
    }

    package func numbers(withDigits digits: [String]) throws -> [DIDNumber] {
        try numbers("digits", "text", digits.sorted())
    }

    /// - Parameter column: A unique column.
    private func numbers(
        _ column: String, _ type: String, _ keys: [String]
    ) throws -> [DIDNumber] {
        guard !keys.isEmpty else { return [] }
        return try rows(
            Self.lookUp(column, type, isLocking: isWriting),
            [.text("{\(keys.joined(separator: ","))}")], isCached: false, as: DIDNumber.init)
    }

    /// Finds each key in the unique index whatever the statistics say, because the planner cannot
    /// turn a subquery with LIMIT into another kind of join.
    static func lookUp(_ column: String, _ type: String, isLocking: Bool) -> String {
        """
        SELECT found.* FROM unnest($1::\(type)[]) AS given (key) CROSS JOIN LATERAL (
            \(DIDNumber.selection) WHERE \(column) = given.key LIMIT 1
            \(isLocking ? "FOR UPDATE" : "")
        ) AS found
        """
    }

    /// If the transaction writes, locks the numbers, and omits those that no longer match the query
    /// after the wait for their lock.
    package func page(_ query: NumberQuery) throws -> Page<DIDNumber> {
        guard isWriting else {
            return try query.page(in: self)
        }
        // Limit the search even in a transaction without time limits, because it holds locks.
        let longest = Connection.statementTimeout.inMilliseconds
        try execute("SET LOCAL statement_timeout = \(longest)")
        let page = try query.paging.page(of: query.count(in: self)) {
            try query.lockedNumbers(in: $0, of: self)
        }
        try execute("SET LOCAL statement_timeout = 0")
        return page
    }

    package func condition(of filter: NumberFilter) -> SQLCondition { filter.condition() }

    package func candidates(of filter: NumberFilter) -> (rows: String, values: [StoredValue]) {
        let condition = filter.condition()
        return ("number" + condition.sql, condition.values)
    }

    package func lockChange(_ id: Int64) throws {
        try query("SELECT FROM change WHERE id = $1 FOR NO KEY UPDATE", [.integer(id)])
    }

    package func lockNumbers(ofChange id: Int64) throws {
        try query(
            """
            SELECT count(*) FROM (
                SELECT FROM change_number JOIN number ON number.id = change_number.number
                WHERE change = $1 ORDER BY number.id FOR UPDATE OF number
            ) AS locked
            """, [.integer(id)])
    }

    package func newChangeID() throws -> Int64 { try newIDs(1, of: "change").first ?? 0 }

    package func newNumberIDs(_ count: Int) throws -> [Int64] {
        try newIDs(count, of: "number").sorted()
    }

    private func newIDs(_ count: Int, of table: String) throws -> [Int64] {
        try rows(
            "SELECT nextval(pg_get_serial_sequence('\(table)', 'id')) FROM generate_series(1, $1)",
            [.integer(Int64(count))]
        ) { try $0.integer() }
    }

    private static let stagedNumber = StoredTable("staged_number", ChangedNumber.columns)

    package func stage(_ numbers: [ChangedNumber]) throws {
        try execute(
            """
            CREATE TEMPORARY TABLE IF NOT EXISTS staged_number ON COMMIT DROP
            AS SELECT \(ChangedNumber.columns.names) FROM change_number WITH NO DATA
            """)
        try insert(numbers.map(\.storedValues), into: Self.stagedNumber)
    }

    package func insertStaged(in change: Int64) throws {
        let names = ChangedNumber.columns.names
        try query(
            """
            INSERT INTO change_number (change, \(names))
            SELECT $1::bigint, \(names) FROM staged_number ORDER BY number
            """, [.integer(change)], isPrepared: false)
    }
}

extension Connection {
    package func perform(_ change: Int64) throws {
        guard try isLarge(change) else { return try apply(change) }
        // Another large change may lock the count of a currency until its commit, so wait longer.
        try execute("SET LOCAL lock_timeout = 15000")
        if defersIndexes {
            try rebuildingIndexes { try apply(change) }
        } else {
            try apply(change)
        }
        try analyze()
    }

    private func apply(_ change: Int64) throws {
        try useIndexes()
        for statement in Self.statements { try query(statement, [.integer(change)]) }
    }

    /// Whether the change has enough numbers to make the tables' statistics outdated.
    private func isLarge(_ change: Int64) throws -> Bool {
        let fewNumbers = 10_000
        return try query(
            "SELECT FROM change_number WHERE change = $1 LIMIT \(fewNumbers)", [.integer(change)]
        ).count == fewNumbers
    }

    func analyze() throws {
        try execute("ANALYZE (SKIP_LOCKED) number, change, change_number")
    }

    private static let statements = [
        """
        DELETE FROM number USING change_number AS entry
        WHERE entry.change = $1 AND entry.number = number.id AND entry.after_digits IS NULL
        """,
        // Numbers may exchange their phone numbers, which are unique. So first give each a phone
        // number that no other number has: 0 and its id.
        """
        UPDATE number SET digits = '0' || lpad(number.id::text, 14, '0')
        FROM change_number AS entry
        WHERE entry.change = $1 AND entry.number = number.id
            AND entry.before_digits <> entry.after_digits
        """,
        """
        UPDATE number
        SET (\(NumberContent.columns.names), version)
            = (\(ChangedNumber.columnsAfter.names(of: "entry")), entry.version)
        FROM change_number AS entry
        WHERE entry.change = $1 AND entry.number = number.id
            AND entry.before_digits IS NOT NULL AND entry.after_digits IS NOT NULL
        """,
        // In the order of digits, so two transactions with the same phone numbers do not deadlock.
        """
        INSERT INTO number (id, \(NumberContent.columns.names), version)
        SELECT number, \(ChangedNumber.columnsAfter.names), version FROM change_number
        WHERE change = $1 AND before_digits IS NULL ORDER BY after_digits
        """,
    ]
}
