internal import Inventory
internal import Storage

extension NumberQuery {
    func page(in db: SQLiteConnection) throws -> Page<DIDNumber> {
        let query = try findingSuffix(in: db)
        let index = try query.filter.narrowestIndex(in: db)
        let total = try query.filter.count(by: index, isCached: query.hasFewVariants, in: db)
        return try paging.page(of: total) { window in
            let (sql, values) = try query.selection(of: window, by: index, in: db)
            return try db.rows(sql, values, isCached: query.hasFewVariants, as: DIDNumber.init)
        }
    }

    /// The query for the ids that its filter finds, if it has a suffix. The search index finds all
    /// numbers that contain the suffix, so they are compared with it once, not for the count and
    /// for the page.
    private func findingSuffix(in db: SQLiteConnection) throws -> NumberQuery {
        guard filter.suffix != nil else { return self }
        let condition = try db.condition(of: filter)
        let ids = try db.rows(
            "SELECT id FROM number\(condition.sql) LIMIT \(NumberFilter.mostCompared + 1)",
            condition.values, isCached: false
        ) { try $0.integer() }
        guard ids.count <= NumberFilter.mostCompared else { return self }
        var query = self
        query.filter = NumberFilter(ids: ids)
        return query
    }

    /// Whether the SQL has few variants, so that its statements can be cached. Filters, and orders
    /// by several keys, have thousands of variants.
    private var hasFewVariants: Bool { sort.count <= 1 && filter.isOfSearchAndCurrencyAlone }

    func forEachBatch(
        in db: SQLiteConnection, size: Int, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        // Read in the order of an index, because a sort of all numbers would delay the first batch.
        let isSorted = filter.ids != nil || filter.parts.first?.index == .search
        let index = isSorted ? filter.index : nil
        let (sql, values) = index.map { sorted(.whole, by: $0) } ?? inOrder(.whole)
        var batch: [DIDNumber] = []
        try db.statement(sql, isCached: false).forEachRow(values) { row in
            batch.append(try DIDNumber(from: &row))
            guard batch.count == size else { return }
            try body(batch)
            batch = []
        }
        if !batch.isEmpty { try body(batch) }
    }

    /// Selects the numbers of a page. Without statistics, SQLite cannot choose the index itself.
    ///
    /// - Parameter index: The narrowest index of the filter.
    func selection(
        of window: PageRange, by index: NumberIndex?, in db: SQLiteConnection
    ) throws -> (sql: String, values: [StoredValue]) {
        if filter.isFoundBySearch, order[0].column == .id { return inIDs(window) }
        guard let index, index != .column(order[0].column.name) else { return inOrder(window) }
        let all = try NumberFilter().count(in: db)
        return isFoundSoonerInOrder(window, among: all)
            ? inOrder(window) : sorted(window, by: index)
    }

    /// Selects with the index of the sort order, which compares each number with the filter.
    private func inOrder(_ window: PageRange) -> (sql: String, values: [StoredValue]) {
        let (order, condition) = (
            order(in: window), filter.condition(by: .column(order[0].column.name))
        )
        return (
            """
            \(DIDNumber.selection)\(condition.sql)
            ORDER BY \(order.sql) \(condition.window)
            """, condition.values + window.limitAndOffset
        )
    }

    /// Selects with the search index, which finds numbers in the order of ids.
    private func inIDs(_ window: PageRange) -> (sql: String, values: [StoredValue]) {
        let (rows, values) = filter.candidates
        let direction = order(in: window)[0].direction
        return (
            """
            \(DIDNumber.selection) WHERE id IN (
                SELECT rowid FROM \(rows) ORDER BY rowid \(direction) LIMIT $2 OFFSET $3
            ) ORDER BY id \(direction)
            """, values + window.limitAndOffset
        )
    }

    /// Finds all matches with an index, and sorts them. The inner query sorts only ids and sort
    /// keys, not whole rows.
    private func sorted(
        _ window: PageRange, by index: NumberIndex
    ) -> (sql: String, values: [StoredValue]) {
        let (order, condition) = (order(in: window), filter.condition(by: index))
        // If an index has the currency and the order, SQLite chooses it.
        let inner = order.sql(usesIndex: index == .column("currency"))
        return (
            """
            \(DIDNumber.selection) WHERE id IN (
                SELECT id FROM number\(condition.sql) ORDER BY \(inner) \(condition.window)
            ) ORDER BY \(order.sql)
            """, condition.values + window.limitAndOffset
        )
    }
}

/// An index that finds numbers.
enum NumberIndex: Equatable {
    case search
    /// An index whose first column this is.
    case column(String)
}

extension NumberFilter {
    /// How many rows are counted to compare indexes, which takes about a millisecond.
    fileprivate static let mostCompared = 20_000

    /// The index that finds the fewest rows, which are compared with the other conditions one by
    /// one; nil if the filter has none.
    func narrowestIndex(in db: SQLiteConnection) throws -> NumberIndex? {
        guard ids == nil, parts.count > 1 else { return index }
        return try parts.map { part in
            (part.index, try db.candidateCount(of: part, most: Self.mostCompared))
        }.min { $0.1 < $1.1 }?.0
    }

    fileprivate var index: NumberIndex? {
        if ids != nil { return .column("id") }
        if match != nil { return .search }
        if prefix != nil { return .column("digits") }
        return (priceRanges.first?.member.rawValue ?? currency.map { _ in "currency" })
            .map(NumberIndex.column)
    }

    /// The rows that the index finds.
    var candidates: (rows: String, values: [StoredValue]) {
        if let match { return ("number_search WHERE number_search MATCH $1", [.text(match)]) }
        let condition = condition(by: index)
        return ("number" + condition.sql, condition.values)
    }

    func count(
        by index: NumberIndex? = nil, isCached: Bool = true, in db: SQLiteConnection
    ) throws -> Int {
        if isFoundBySearch {
            let (rows, values) = candidates
            return try db.count("SELECT count(*) FROM " + rows, values)
        }
        let condition = condition(by: index)
        return try db.count(countSelection + condition.sql, condition.values, isCached: isCached)
    }

    /// - Parameter index: The only index that SQLite may use, beside that of the order.
    func condition(by index: NumberIndex?) -> SQLCondition {
        // https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
        var condition = condition { name, test in
            if index == .column(name) {
                "\"\(name)\" \(test)"
            } else if name == "currency" {
                // An index of the currency and the order may be used.
                "likelihood(currency \(test), 0.9)"
            } else {
                "+\"\(name)\" \(test)"
            }
        } search: { texts, condition in
            index == .search && search.hasIndex
                ? nil : NumberFilter.isLike(texts, in: &condition)
        }
        if index == .search, let match {
            let text = condition.parameter(.text(match))
            condition.add(
                "id IN (SELECT rowid FROM number_search WHERE number_search MATCH \(text))")
        }
        return condition
    }

    /// Whether the search index finds exactly the matching numbers.
    fileprivate var isFoundBySearch: Bool { match != nil && self == NumberFilter(search: search) }

    /// The query of the search index that finds numbers with these digits anywhere; nil if it needs
    /// more digits.
    private var match: String? {
        var terms = suffix.map { ["\"\($0.digits)\""] } ?? []
        if let match = search.match, search.hasIndex || self == NumberFilter(search: search) {
            terms.append(match)
        }
        return terms.isEmpty ? nil : terms.joined(separator: " AND ")
    }
}

extension Search {
    /// The query of the trigram index. For two digits, it lists the trigrams that contain them.
    fileprivate var match: String? {
        guard case .digits(let digits, let others) = self, digits.utf8.count >= 2 else {
            return nil
        }
        let texts =
            hasIndex
            ? [digits] + others : (0...9).flatMap { ["\($0)\(digits)", "\(digits)\($0)"] }
        return "(" + texts.map { "\"\($0)\"" }.joined(separator: " OR ") + ")"
    }
}
