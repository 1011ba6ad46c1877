internal import Inventory
internal import Storage

extension NumberQuery {
    func count(in db: SQLiteConnection) throws -> Int {
        let condition = try condition(in: db)
        return try db.count(
            filter.countSelection + condition.sql, condition.values, isCached: hasFewVariants)
    }

    func numbers(in window: PageRange, of db: SQLiteConnection) throws -> [DIDNumber] {
        let (sql, values) = try selection(of: window, in: db)
        return try db.rows(sql, values, isCached: hasFewVariants, as: DIDNumber.init)
    }

    /// Whether the SQL has few variants, so that its statements can be cached. Filters, and orders
    /// by several keys, have thousands of variants.
    private var hasFewVariants: Bool { sort.count <= 1 && filter.isOfSearchAndCurrencyAlone }

    func forEachBatch(
        in db: SQLiteConnection, size: Int, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        // Read in the order of an index, because a sort of all numbers would delay the first batch.
        let (sql, values) = selection(of: .whole, filter.ids == nil ? .inOrder : .byID)
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
        let found = "FROM number\(condition.sql) \(order) \(condition.window)"
        let sql =
            switch path {
            case .inOrder: "SELECT \(DIDNumber.columns.names) \(found)"
            // The inner query sorts only ids and sort keys, not whole rows.
            case .byFilter, .byID, .byPrefix:
                "\(DIDNumber.selection) WHERE id IN (SELECT id \(found)) \(order)"
            }
        return (sql, condition.values + window.limitAndOffset)
    }

    /// Which index finds the numbers. Without statistics, SQLite cannot choose it well itself.
    private enum Path {
        /// The index of the sort order, or the search index.
        case inOrder
        /// The index of a filter.
        case byFilter
        /// The table itself, for ids. Each number found is compared with the other conditions.
        case byID
        /// The index of the digits, for a prefix. Each number that it finds is compared with the
        /// search and the suffix.
        case byPrefix
    }

    /// How many numbers with a prefix are compared with the search one by one, which takes up to 10
    /// ms. The search index may find a million numbers with other prefixes instead.
    private static let mostSearched = 20_000

    /// The path to numbers that are few in any order; nil if there may be many.
    private func narrowPath(in db: SQLiteConnection) throws -> Path? {
        guard filter.ids == nil else { return .byID }
        guard filter.search != .all || filter.suffix != nil, let prefix = filter.prefix else {
            return nil
        }
        let count = try db.count(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM number WHERE digits >= $1 AND digits < $2 LIMIT $3
            )
            """,
            [.text(prefix.digits), .text(prefix.end), .integer(Int64(Self.mostSearched) + 1)])
        return count <= Self.mostSearched ? .byPrefix : nil
    }

    func condition(in db: SQLiteConnection) throws -> SQLCondition {
        condition(try narrowPath(in: db) ?? .byFilter)
    }

    /// The query for the ids that its filter finds, if it has a suffix. The search index finds all
    /// numbers that contain the suffix, so they are compared with it once, not for the count and
    /// for the page.
    func findingSuffix(in db: SQLiteConnection) throws -> NumberQuery {
        guard filter.suffix != nil else { return self }
        let condition = try condition(in: db)
        let ids = try db.rows(
            "SELECT id FROM number\(condition.sql) LIMIT \(Self.mostSearched + 1)",
            condition.values, isCached: false
        ) { try $0.integer() }
        guard ids.count <= Self.mostSearched else { return self }
        var query = self
        query.filter = NumberFilter(ids: ids)
        return query
    }

    private func path(to window: PageRange, in db: SQLiteConnection) throws -> Path {
        guard !filter.isOfSearchAndCurrencyAlone else { return .inOrder }
        if let path = try narrowPath(in: db) { return path }
        guard filter.match == nil else { return .inOrder }
        // If the page is in the order of phone numbers, SQLite would first read all numbers before
        // the prefix, so use the index of a filter.
        guard filter.prefix == nil || order(in: window).first?.column != .member(.value) else {
            return .byFilter
        }
        let all = NumberQuery(filter: NumberFilter(currency: filter.currency))
        return window.isFoundSoonerInOrder(among: try all.count(in: db)) ? .inOrder : .byFilter
    }

    /// The WHERE clause of the query. If `window` is given, the clause may leave out numbers after
    /// the window, which is cheaper.
    private func condition(_ path: Path, within window: PageRange? = nil) -> SQLCondition {
        let ordered = window.map(order(in:))?.first?.column
        // https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
        let match = path == .byPrefix || path == .byID ? nil : filter.match
        var condition = filter.condition(column: { name in
            let usesIndex =
                switch (path, name) {
                case (.byID, _): false
                case (.byPrefix, _): name == "digits"
                // The search index finds far fewer numbers.
                case _ where filter.suffix != nil: false
                // A prefix has far fewer numbers than a currency, so use only the prefix's index.
                case (_, "currency"): path == .inOrder || filter.prefix == nil
                case (.inOrder, _): name == ordered?.name
                case (.byFilter, _): true
                }
            return (usesIndex ? "" : "+") + "\"\(name)\""
        }) { texts, condition in
            match != nil && filter.search.hasIndex
                ? nil : NumberFilter.isLike(texts, in: &condition)
        }
        guard let match else { return condition }
        let text = condition.parameter(.text(match))
        var found = "SELECT rowid FROM number_search WHERE number_search MATCH \(text)"
        // The search index finds numbers in the order of ids, so it can stop after the page.
        if let window, filter == NumberFilter(search: filter.search),
            let first = order(in: window).first, first.column == .id
        {
            let limit = condition.parameter(.integer(Int64(window.skipped + window.limit)))
            found += " ORDER BY rowid \(first.direction) LIMIT \(limit)"
        }
        condition.add("id IN (\(found))")
        return condition
    }
}

extension NumberFilter {
    /// The query of the search index that finds numbers with these digits anywhere; nil if it needs
    /// more digits.
    var match: String? {
        var terms = suffix.map { ["\"\($0.digits)\""] } ?? []
        if search.hasIndex, case .digits(let digits, let others) = search {
            terms.append(
                "(" + ([digits] + others).map { "\"\($0)\"" }.joined(separator: " OR ") + ")")
        }
        return terms.isEmpty ? nil : terms.joined(separator: " AND ")
    }
}
