internal import Inventory
internal import Storage

extension PostgresChangeTransaction {
    /// Plans the statements of the rest of the transaction so that they find each row by an index,
    /// whatever the statistics say.
    static let usingIndexes = """
        SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
        SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off
        """

    func perform(_ change: Int64) throws {
        let isLarge = try isLarge(change)
        // A long import is not given up for another large change that holds a count until its commit.
        if isLarge { try connection.execute("SET LOCAL lock_timeout = 15000") }
        let indexes = isLarge ? try DeferredIndexes(of: connection) : nil
        try connection.execute(Self.usingIndexes)
        for statement in Self.statements { try run(statement, change) }
        try indexes?.build()
    }

    /// Numbers may exchange their phone numbers: so each that gets another one first gets one that
    /// no number has, 0 and its id.
    private static let statements = [
        """
        DELETE FROM number USING change_number AS noted
        WHERE noted.change = $1 AND noted.number = number.id AND noted.after_digits IS NULL
        """,
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
        // In the order of digits, so that no two transactions wait for each other.
        """
        INSERT INTO number (id, \(NumberContent.columns.names), version)
        SELECT number, \(ChangedNumber.columnsAfter.names), version FROM change_number
        WHERE change = $1 AND before_digits IS NULL ORDER BY after_digits
        """,
    ]

    /// Whether the change has so many numbers that the statistics of the tables are outdated after it.
    private func isLarge(_ change: Int64) throws -> Bool {
        try connection.query(
            "SELECT FROM change_number WHERE change = $1 LIMIT \(Self.fewNumbers)",
            [String(change)], timeout: nil
        ).count == Self.fewNumbers
    }

    private static let fewNumbers = 10_000

    private func run(_ sql: String, _ change: Int64) throws {
        try connection.query(sql, [String(change)], timeout: nil)
    }
}
