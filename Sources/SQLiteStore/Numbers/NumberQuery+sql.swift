internal import Inventory
internal import Storage

extension NumberQuery {
    /// The number of matches on all pages.
    func count(in db: SQLiteConnection) throws -> Int {
        // Triggers maintain number_count.
        let table = filter.isOfCurrencyAlone ? "number_count" : "number"
        let count = filter.isOfCurrencyAlone ? "coalesce(sum(count), 0)" : "count(*)"
        let condition = condition(try isFoundByPrefix(in: db) ? .byPrefix : .byFilter)
        return try db.count(
            "SELECT \(count) FROM \(table)" + condition.sql, condition.values,
            isCached: hasFewVariants)
    }

    /// The numbers of the window, in its order.
    func numbers(in window: PageRange, of db: SQLiteConnection) throws -> [DIDNumber] {
        let (sql, values) = try selection(of: window, in: db)
        return try db.rows(sql, values, isCached: hasFewVariants, as: DIDNumber.init(from:))
    }

    /// Whether the SQL has few variants: filters, and orders by several keys, have thousands.
    private var hasFewVariants: Bool { sort.count <= 1 && filter.isOfSearchAndCurrencyAlone }

    /// Calls `body` with the numbers of all pages, in batches.
    func forEachBatch(
        in db: SQLiteConnection, size: Int, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        // A sort of all numbers would delay the first batch.
        let (sql, values) = selection(of: .whole, .inOrder)
        var batch: [DIDNumber] = []
        try db.statement(sql, isCached: false).forEachRow(values) { row in
            batch.append(try DIDNumber(from: &row))
            guard batch.count == size else { return }
            try body(batch)
            batch = []
        }
        if !batch.isEmpty { try body(batch) }
    }

    func selection(
        of window: PageRange, in db: SQLiteConnection
    ) throws -> (sql: String, values: [StoredValue]) {
        selection(of: window, try path(to: window, in: db))
    }

    private func selection(
        of window: PageRange, _ path: Path
    ) -> (sql: String, values: [StoredValue]) {
        let condition = condition(path, within: window)
        let order = "ORDER BY \(order(in: window).sql)"
        let found = "FROM number\(condition.sql) \(order) LIMIT ? OFFSET ?"
        let sql =
            switch path {
            case .inOrder: "SELECT \(DIDNumber.columnNames) \(found)"
            // Only ids and sort keys are sorted.
            case .byFilter, .byPrefix:
                """
                SELECT \(DIDNumber.columnNames) FROM number WHERE id IN (SELECT id \(found)) \(order)
                """
            }
        let place = [window.limit, window.skipped].map { StoredValue.integer(Int64($0)) }
        return (sql, condition.values + place)
    }

    /// Which index finds the numbers: SQLite cannot choose it without statistics.
    private enum Path {
        /// The index of the order, or the search index.
        case inOrder
        /// The index of a filter.
        case byFilter
        /// The index of the digits. Each number with the prefix is then compared with the search.
        case byPrefix
    }

    /// How many numbers with a prefix may be compared with a search.
    ///
    /// That takes SQLite 10 ms, while the search index may find a million numbers with other prefixes.
    private static let mostSearched = 20_000

    private func isFoundByPrefix(in db: SQLiteConnection) throws -> Bool {
        guard filter.search != .all, let prefix = filter.prefix else { return false }
        let count = try db.count(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM number WHERE digits >= ? AND digits < ? LIMIT ?
            )
            """,
            [.text(prefix.digits), .text(prefix.end), .integer(Int64(Self.mostSearched) + 1)])
        return count <= Self.mostSearched
    }

    private func path(to window: PageRange, in db: SQLiteConnection) throws -> Path {
        guard !filter.isOfSearchAndCurrencyAlone else { return .inOrder }
        if try isFoundByPrefix(in: db) { return .byPrefix }
        guard !filter.search.hasIndex else { return .inOrder }
        // In the order of values, numbers with the prefix are adjacent, after many others.
        guard filter.prefix == nil || order(in: window).first?.column != .member(.value) else {
            return .byFilter
        }
        let all = NumberQuery(filter: NumberFilter(currency: filter.currency))
        return window.isFoundSoonerInOrder(among: try all.count(in: db)) ? .inOrder : .byFilter
    }

    /// The WHERE clause of all pages, or a cheap one that excludes numbers after `window`.
    private func condition(
        _ path: Path, within window: PageRange? = nil
    ) -> (sql: String, values: [StoredValue]) {
        var conditions: [String] = []
        var values: [StoredValue] = []
        // https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
        let ordered = window.map(order(in:))?.first?.column
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
            // A currency has many more numbers than a prefix.
            let isUnindexed = path != .inOrder && filter.prefix != nil
            conditions.append((isUnindexed ? "+" : "") + "currency = ?")
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
            // The search index finds numbers in the order of their ids, so it can stop after the page.
            if let window, filter == NumberFilter(search: filter.search),
                let first = order(in: window).first, first.column == .id
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
    /// Whether the trigram index finds the digits: it needs three or more.
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
