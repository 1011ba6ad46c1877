internal import Inventory
internal import Storage

/// A transaction of a change: see ``PostgresStore/changingNumbers(operation:once:unless:_:)``.
struct PostgresChangeTransaction: ChangeTransaction {
    let connection: Connection
    /// Whether the found numbers are locked until the transaction ends.
    var isLocking = true
    /// See ``PostgresStore/init(_:connections:migrates:creates:defersIndexes:startTimeout:onWait:onMigration:)``.
    var defersIndexes = false

    func numbers(withIDs ids: [Int64]) throws -> [DIDNumber] {
        try numbers("id", "bigint", ids.sorted().map(String.init))
    }

    func numbers(withDigits digits: [String]) throws -> [DIDNumber] {
        try numbers("digits", "text", digits.sorted())
    }

    /// - Parameter column: A unique column.
    private func numbers(
        _ column: String, _ type: String, _ keys: [String]
    ) throws -> [DIDNumber] {
        guard !keys.isEmpty else { return [] }
        return try connection.query(
            Self.lookUp(column, type, isLocking: isLocking), ["{\(keys.joined(separator: ","))}"],
            isPrepared: false
        ).map(DIDNumber.init(row:))
    }

    /// Finds each key in the unique index whatever the statistics say, because the planner does not join a
    /// subquery with LIMIT.
    static func lookUp(_ column: String, _ type: String, isLocking: Bool) -> String {
        """
        SELECT found.* FROM unnest($1::\(type)[]) AS given (key) CROSS JOIN LATERAL (
            SELECT \(DIDNumber.columnNames) FROM number WHERE \(column) = given.key LIMIT 1
            \(isLocking ? "FOR UPDATE" : "")
        ) AS found
        """
    }

    /// A number must match the query after the wait for its lock.
    func page(_ query: NumberQuery) throws -> Page<DIDNumber> {
        // Limit the search, because it holds locks meanwhile.
        let longest = Connection.statementTimeout.inMilliseconds
        try connection.execute("SET LOCAL statement_timeout = \(longest)")
        let page = try query.paging.page(of: query.count(in: connection)) { window in
            isLocking
                ? try query.lockedNumbers(in: window, of: connection)
                : try query.numbers(in: window, of: connection)
        }
        try connection.execute("SET LOCAL statement_timeout = 0")
        return page
    }

    /// Locks the change against another undo and pruning.
    func change(_ id: Int64) throws -> Change? {
        try connection.query("SELECT FROM change WHERE id = $1 FOR NO KEY UPDATE", [String(id)])
        return try connection.findChange(id)
    }

    func oldestChange() throws -> Int64? { try connection.oldestChange() }

    func lastUndo(of origin: Int64) throws -> Change? {
        try connection.row(
            """
            SELECT \(Change.columns.names) FROM change WHERE origin = $1
            ORDER BY place DESC LIMIT 1 FOR SHARE
            """, [.integer(origin)], as: Change.init(from:))
    }

    func newChangeID() throws -> Int64 { try newIDs(1, of: "change").first ?? 0 }

    func newNumberIDs(_ count: Int) throws -> [Int64] { try newIDs(count, of: "number").sorted() }

    private func newIDs(_ count: Int, of table: String) throws -> [Int64] {
        try connection.rows(
            "SELECT nextval(pg_get_serial_sequence('\(table)', 'id')) FROM generate_series(1, $1)",
            [.integer(Int64(count))]
        ) { try $0.integer() }
    }

    func insert(_ record: Change) throws {
        try connection.copy([record.storedValues], Change.columns, into: "change")
    }

    func stage(_ numbers: [ChangedNumber]) throws {
        let columns = ChangedNumber.columns
        try connection.execute(
            """
            CREATE TEMPORARY TABLE IF NOT EXISTS staged_number ON COMMIT DROP
            AS SELECT \(columns.names) FROM change_number WITH NO DATA
            """)
        try connection.copy(numbers.map(\.storedValues), columns, into: "staged_number")
    }

    func insertStaged(in change: Int64) throws {
        let names = ChangedNumber.columns.names
        try connection.query(
            """
            INSERT INTO change_number (change, \(names))
            SELECT $1::bigint, \(names) FROM staged_number ORDER BY number
            """, [String(change)], isPrepared: false)
    }
}

extension PostgresChangeTransaction {
    /// Makes the transaction's later statements find each row by an index, regardless of
    /// statistics.
    static let usingIndexes = """
        SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
        SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off
        """

    func perform(_ change: Int64) throws {
        let isLarge = try isLarge(change)
        // Another large change may lock a count until its commit.
        if isLarge { try connection.execute("SET LOCAL lock_timeout = 15000") }
        let indexes = isLarge && defersIndexes ? try DeferredIndexes(of: connection) : nil
        try connection.execute(Self.usingIndexes)
        for statement in Self.statements { try connection.query(statement, [String(change)]) }
        try indexes?.build()
        if isLarge { try connection.execute(PostgresStore.analysis) }
    }

    /// Whether the change has enough numbers to make the tables' statistics outdated.
    private func isLarge(_ change: Int64) throws -> Bool {
        let fewNumbers = 10_000
        return try connection.query(
            "SELECT FROM change_number WHERE change = $1 LIMIT \(fewNumbers)", [String(change)]
        ).count == fewNumbers
    }

    private static let statements = [
        """
        DELETE FROM number USING change_number AS noted
        WHERE noted.change = $1 AND noted.number = number.id AND noted.after_digits IS NULL
        """,
        // Numbers may exchange their phone numbers. So first they get free ones: 0 and the id.
        """
        UPDATE number SET digits = '0' || lpad(number.id::text, 14, '0')
        FROM change_number AS noted
        WHERE noted.change = $1 AND noted.number = number.id
            AND noted.before_digits <> noted.after_digits
        """,
        """
        UPDATE number
        SET (\(NumberContent.columns.names), version)
            = (\(ChangedNumber.columnsAfter.names(of: "noted")), noted.version)
        FROM change_number AS noted
        WHERE noted.change = $1 AND noted.number = number.id
            AND noted.before_digits IS NOT NULL AND noted.after_digits IS NOT NULL
        """,
        // In the order of digits, so two transactions do not deadlock.
        """
        INSERT INTO number (id, \(NumberContent.columns.names), version)
        SELECT number, \(ChangedNumber.columnsAfter.names), version FROM change_number
        WHERE change = $1 AND before_digits IS NULL ORDER BY after_digits
        """,
    ]
}
