internal import GRDB
internal import Inventory
internal import Storage

extension NumberQuery {
    /// How many numbers there are on all pages.
    func count(in db: Database) throws -> Int {
        // Kept by triggers: see Schema.
        let table = filter.isOfCurrencyAlone ? "number_count" : "number"
        let counting = filter.isOfCurrencyAlone ? "coalesce(sum(count), 0)" : "count(*)"
        let condition = condition(try isFoundByPrefix(in: db) ? .byPrefix : .byFilter)
        let statement = try statement("SELECT \(counting) FROM \(table)" + condition.sql, of: db)
        return Int(try Int64.fetchOne(statement, condition.values) ?? 0)
    }

    /// The numbers of the window, in its order.
    func numbers(in window: PageWindow, of db: Database) throws -> [DIDNumber] {
        let (sql, values) = try selection(of: window, in: db)
        return try DIDNumber.fetchAll(try statement(sql, of: db), values)
    }

    /// What is cached stays for as long as the connection, and there are thousands of orders by more
    /// than one key, and of filters.
    private func statement(_ sql: String, of db: Database) throws -> Statement {
        try sort.count > 1 || !filter.isOfSearchAndCurrencyAlone
            ? db.makeStatement(sql: sql) : db.cachedStatement(sql: sql)
    }

    /// Calls `body` with the numbers of all pages, so many at once.
    func forEachBatch(
        in db: Database, count: Int, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        // Sorting all of them would keep a client waiting for the first.
        let (sql, values) = selection(of: wholeWindow, .inOrder)
        var batch: [DIDNumber] = []
        try db.makeStatement(sql: sql).forEachRow(values) { row in
            batch.append(try DIDNumber(from: &row))
            guard batch.count == count else { return }
            try body(batch)
            batch = []
        }
        if !batch.isEmpty { try body(batch) }
    }

    func selection(
        of window: PageWindow, in db: Database
    ) throws -> (sql: String, values: [StoredValue]) {
        selection(of: window, try path(to: window, in: db))
    }

    private func selection(
        of window: PageWindow, _ path: Path
    ) -> (sql: String, values: [StoredValue]) {
        let condition = condition(path, within: window)
        let order = "ORDER BY \(window.order.sql)"
        let found = "FROM number\(condition.sql) \(order) LIMIT ? OFFSET ?"
        let sql =
            switch path {
            case .inOrder: "SELECT \(DIDNumber.columnNames) \(found)"
            // What is sorted are the ids alone, with what they are sorted by.
            case .byFilter, .byPrefix:
                """
                SELECT \(DIDNumber.columnNames) FROM number WHERE id IN (SELECT id \(found)) \(order)
                """
            }
        return (sql, condition.values + .place(limit: window.limit, skipped: window.skipped))
    }

    /// Which index leads to the numbers: SQLite keeps no statistics of ours by which it could tell.
    private enum Path {
        /// That of their order, or of the digits that are searched for.
        case inOrder
        /// That of what is demanded of them.
        case byFilter
        /// That of the digits that they begin with, all of which are looked at for those that are
        /// searched for.
        case byPrefix
    }

    /// How many numbers may begin alike where each of them is searched: SQLite looks through these
    /// in some 10 ms, and the index of searches may find a million that begin otherwise.
    private static let mostSearched: Int64 = 20_000

    private func isFoundByPrefix(in db: Database) throws -> Bool {
        guard filter.search != .all, let prefix = filter.prefix else { return false }
        let statement = try db.cachedStatement(
            sql: """
                SELECT count(*) FROM (
                    SELECT 1 FROM number WHERE digits >= ? AND digits < ? LIMIT ?
                )
                """)
        let count = try Int64.fetchOne(
            statement,
            [.text(prefix.digits), .text(prefix.end), .integer(Self.mostSearched + 1)])
        return (count ?? 0) <= Self.mostSearched
    }

    private func path(to window: PageWindow, in db: Database) throws -> Path {
        guard !filter.isOfSearchAndCurrencyAlone else { return .inOrder }
        if try isFoundByPrefix(in: db) { return .byPrefix }
        guard !filter.search.hasIndex else { return .inOrder }
        // Values that begin alike lie together in their order, behind many others.
        guard filter.prefix == nil || window.order.first?.column != .member(.value) else {
            return .byFilter
        }
        let all = NumberQuery(filter: NumberFilter(currency: filter.currency))
        return window.isFoundSoonerInOrder(among: try all.count(in: db)) ? .inOrder : .byFilter
    }

    /// What the numbers of all pages have in common; where it can be said cheaply, only those that
    /// come no later than `window`.
    private func condition(
        _ path: Path, within window: PageWindow? = nil
    ) -> (sql: String, values: [StoredValue]) {
        var conditions: [String] = []
        var values: [StoredValue] = []
        // https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
        let ordered = window?.order.first?.column
        func column(_ name: String, _ column: SortKey.Column? = nil) -> String {
            let isLeading =
                switch path {
                case .inOrder: column != nil && column == ordered
                case .byFilter: true
                case .byPrefix: name == "digits"
                }
            return (isLeading ? "" : "+") + "\"\(name)\""
        }
        if let currency = filter.currency {
            // Those of a currency are many more than those that begin alike.
            let isPassedOver = path != .inOrder && filter.prefix != nil
            conditions.append((isPassedOver ? "+" : "") + "currency = ?")
            values.append(.text(currency.symbol))
        }
        for (member, range) in filter.priceRanges {
            conditions.append(
                column(member.rawValue, .member(member)) + " BETWEEN ? AND ?")
            values += [range.lowerBound, range.upperBound].map { .integer($0.tenThousandths) }
        }
        if let prefix = filter.prefix {
            conditions.append("\(column("digits")) >= ? AND \(column("digits")) < ?")
            values += [.text(prefix.digits), .text(prefix.end)]
        }
        switch filter.search {
        case .all: break
        case .nothing: conditions.append("FALSE")
        case .digits(let digits) where path == .byPrefix || !filter.search.hasIndex:
            conditions.append("digits LIKE ?")
            values.append(.text("%\(digits)%"))
        case .digits(let digits):
            values.append(.text("\"\(digits)\""))
            var found = "SELECT rowid FROM number_search WHERE number_search MATCH ?"
            // The index finds numbers in the order of their ids, and needs to find no more then.
            if let window, filter == NumberFilter(search: filter.search),
                let first = window.order.first, first.column == .id
            {
                found += " ORDER BY rowid \(first.direction) LIMIT ?"
                values.append(.integer(Int64(window.skipped + window.limit)))
            }
            conditions.append("id IN (\(found))")
        }
        let sql = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return (sql, values)
    }
}

extension Search {
    /// Whether there are digits to look for, and the trigram index has them: it knows none that are
    /// fewer than three.
    fileprivate var hasIndex: Bool {
        if case .digits(let digits) = self { digits.utf8.count >= 3 } else { false }
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
