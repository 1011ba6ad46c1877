internal import GRDB
internal import Inventory

extension NumberQuery {
    /// How many numbers there are on all pages.
    func count(in db: Database) throws -> Int {
        if search != .all {
            let condition = condition()
            let statement = try db.cachedStatement(
                sql: "SELECT count(*) FROM number" + condition.sql)
            return try Int.fetchOne(statement, arguments: condition.arguments) ?? 0
        }
        // Kept by triggers: see Schema.
        let statement = try db.cachedStatement(
            sql: "SELECT coalesce(sum(count), 0) FROM number_count"
                + (currency == nil ? "" : " WHERE currency = ?"))
        let arguments: StatementArguments = currency.map { [$0.symbol] } ?? []
        return try Int.fetchOne(statement, arguments: arguments) ?? 0
    }

    /// The numbers of the window, in its order.
    func numbers(in window: PageWindow, of db: Database) throws -> [DIDNumber] {
        let (sql, arguments) = selection(of: window)
        // What is cached stays for as long as the connection, and there are thousands of orders by
        // more than one key.
        let statement =
            try sort.count > 1 ? db.makeStatement(sql: sql) : db.cachedStatement(sql: sql)
        return try DIDNumber.fetchAll(statement, arguments: arguments)
    }

    /// Calls `body` with the numbers of all pages, so many at once.
    func forEachBatch(
        in db: Database, count: Int, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        let (sql, arguments) = selection(of: wholeWindow)
        let numbers = try DIDNumber.fetchCursor(db, sql: sql, arguments: arguments)
        var batch: [DIDNumber] = []
        while let number = try numbers.next() {
            batch.append(number)
            guard batch.count == count else { continue }
            try body(batch)
            batch = []
        }
        if !batch.isEmpty { try body(batch) }
    }

    func selection(of window: PageWindow) -> (sql: String, arguments: StatementArguments) {
        let condition = condition(within: window)
        let sql = """
            SELECT \(DIDNumber.columnNames) FROM number\(condition.sql)
            ORDER BY \(window.order.sql) LIMIT ? OFFSET ?
            """
        return (sql, condition.arguments + [window.limit, window.skipped])
    }

    /// What the numbers of all pages have in common; where it can be said cheaply, only those that
    /// come no later than `window`.
    private func condition(
        within window: PageWindow? = nil
    ) -> (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        if let currency {
            conditions.append("currency = ?")
            arguments += [currency.symbol]
        }
        switch search {
        case .all: break
        case .nothing: conditions.append("FALSE")
        // The trigram index knows nothing shorter.
        case .digits(let digits) where digits.utf8.count < 3:
            conditions.append("digits LIKE ?")
            arguments += ["%\(digits)%"]
        case .digits(let digits):
            arguments += ["\"\(digits)\""]
            var found = "SELECT rowid FROM number_search WHERE number_search MATCH ?"
            // The index finds numbers in the order of their ids, and needs to find no more then.
            if let window, currency == nil, let first = window.order.first, first.column == .id {
                found += " ORDER BY rowid \(first.direction) LIMIT ?"
                arguments += [window.skipped + window.limit]
            }
            conditions.append("id IN (\(found))")
        }
        let sql = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return (sql, arguments)
    }
}

extension [SortKey] {
    fileprivate var sql: String {
        map { "\"\($0.column.inTable)\" \($0.direction)" }.joined(separator: ", ")
    }
}

extension SortKey {
    fileprivate var direction: String { isDescending ? "DESC" : "ASC" }
}

extension SortKey.Column {
    fileprivate var inTable: String {
        switch self {
        case .id: "id"
        case .member(let member): member.rawValue
        }
    }
}
