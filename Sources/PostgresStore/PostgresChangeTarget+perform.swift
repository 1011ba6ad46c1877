internal import Inventory

extension PostgresChangeTarget {
    /// A number that gets another phone number goes and comes again under its id, after all others
    /// have gone: so numbers may exchange theirs.
    func perform(_ change: Int64) throws {
        let isLoad = try isLoad(change)
        try run(
            """
            DELETE FROM number USING change_number AS noted
            WHERE noted.change = $1 AND noted.number = number.id
                AND noted.before_digits <> coalesce(noted.after_digits, '')
            """, change)
        let columns = NumberContent.columns
        try run(
            """
            UPDATE number
            SET (\(columns.names), version)
                = (\(ChangedNumber.columnsAfter.names(of: "noted")), noted.version)
            FROM change_number AS noted
            WHERE noted.change = $1 AND noted.number = number.id
                AND noted.before_digits = noted.after_digits
            """, change)
        let arriving = """
            (id, \(columns.names), version)
            SELECT number, \(ChangedNumber.columnsAfter.names), version FROM change_number
            WHERE change = $1 AND after_digits <> coalesce(before_digits, '') ORDER BY number
            """
        if isLoad {
            let load = try NumberLoad(connection)
            try run("INSERT INTO \(load.target) \(arriving)", change)
            try load.finish()
        } else {
            try run("INSERT INTO number \(arriving)", change)
        }
    }

    /// Whether very many numbers come, and none is there: see ``NumberLoad``.
    private func isLoad(_ change: Int64) throws -> Bool {
        let isEmpty = try connection.query("SELECT 1 FROM number LIMIT 1", timeout: nil).count == 0
        guard isEmpty else { return false }
        let few = try connection.query(
            "SELECT 1 FROM change_number WHERE change = $1 LIMIT \(Self.fewNumbers)",
            [String(change)])
        return few.count == Self.fewNumbers
    }

    /// How many numbers are created one after the other at most.
    private static let fewNumbers = 10_000

    private func run(_ sql: String, _ change: Int64) throws {
        try connection.query(sql, [String(change)], timeout: nil)
    }
}
