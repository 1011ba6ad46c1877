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
    /// Only where `offset` is less than `count`.
    var rows: QueryInterfaceRequest<DIDNumber> {
        matches.order(orderings).limit(perPage, offset: offset)
    }

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
