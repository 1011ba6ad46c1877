internal import GRDB
internal import Inventory

extension NumberQuery {
    /// How many numbers there are on all pages.
    func count(_ db: Database) throws -> Int {
        guard search == .all else { return try matches.fetchCount(db) }
        // Kept by triggers: see Schema.
        var counts = Table("number_count").all()
        if let currency { counts = counts.filter(NumberTable.currency == currency.symbol) }
        return try counts.select(sum(Column("count")), as: Int.self).fetchOne(db) ?? 0
    }

    /// The numbers of the page, in order.
    ///
    /// - Parameter total: What `count` said, more than `offset`.
    func numbers(of total: Int, in db: Database) throws -> [DIDNumber] {
        let numbers = try rows(of: total).fetchAll(db)
        return isNearerToEnd(of: total) ? numbers.reversed() : numbers
    }

    /// The rows of the page; of one that is nearer to the end than to the start from the last to
    /// the first, since an offset costs a step for each row.
    func rows(of total: Int) -> QueryInterfaceRequest<DIDNumber> {
        let isBackwards = isNearerToEnd(of: total)
        let limit = min(perPage, total - offset)
        let skipped = isBackwards ? total - offset - limit : offset
        let rows = matches(firstByID: skipped + limit, backwards: isBackwards).order(orderings)
        return (isBackwards ? rows.reversed() : rows).limit(limit, offset: skipped)
    }

    private func isNearerToEnd(of total: Int) -> Bool { offset > total / 2 }

    private var matches: QueryInterfaceRequest<DIDNumber> {
        var matches = DIDNumber.all()
        if let currency { matches = matches.filter(NumberTable.currency == currency.symbol) }
        switch search {
        case .all: return matches
        case .nothing: return matches.none()
        // The trigram index knows nothing shorter.
        case .digits(let digits) where digits.count < 3:
            return matches.filter(NumberTable.digits.like("%\(digits)%"))
        case .digits(let digits):
            return matches.filter(
                sql: "id IN (SELECT rowid FROM number_search WHERE number_search MATCH ?)",
                arguments: ["\"\(digits)\""])
        }
    }

    /// What matches, or at least those that come first in the order of the page where that is the
    /// order of ids, which is the order that the trigram index finds them in.
    private func matches(firstByID count: Int, backwards: Bool) -> QueryInterfaceRequest<DIDNumber>
    {
        let first = sort.first ?? SortKey(.id)
        guard case .digits(let digits) = search, digits.count >= 3, currency == nil,
            first.column == .id
        else { return matches }
        let direction = first.isDescending != backwards ? "DESC" : "ASC"
        return DIDNumber.filter(
            sql: """
                id IN (SELECT rowid FROM number_search WHERE number_search MATCH ?
                ORDER BY rowid \(direction) LIMIT ?)
                """, arguments: ["\"\(digits)\"", count])
    }

    private var orderings: [any SQLOrderingTerm] {
        var keys = sort
        if !keys.contains(where: { $0.column == .id }) { keys.append(SortKey(.id)) }
        return keys.map { $0.isDescending ? $0.column.inTable.desc : $0.column.inTable.asc }
    }
}

extension SortKey.Column {
    fileprivate var inTable: Column {
        switch self {
        case .id: NumberTable.id
        case .value: NumberTable.value
        case .monthyPrice: NumberTable.monthyPrice
        case .setupPrice: NumberTable.setupPrice
        case .currency: NumberTable.currency
        }
    }
}
