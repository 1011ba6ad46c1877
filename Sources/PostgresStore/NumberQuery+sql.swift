internal import Inventory

extension NumberQuery {
    /// What a number is read from.
    static let columns = """
        id, digits, value, "monthyPrice", "setupPrice", currency, version
        """

    /// How many numbers there are on all pages.
    func count(in connection: Connection) throws -> Int {
        let rows =
            if search == .all {
                // Kept by triggers: see Schema.
                try connection.query(
                    "SELECT coalesce(sum(count), 0) FROM number_count"
                        + (currency == nil ? "" : " WHERE currency = $1"),
                    currency.map { [$0.symbol] } ?? [])
            } else {
                try connection.query("SELECT count(*) FROM number" + condition, parameters)
            }
        return Int(try rows.first { try $0.integer(0) } ?? 0)
    }

    /// The numbers of the page, in order.
    ///
    /// A page that is nearer to the end than to the start is read from there, since an offset costs
    /// a step for each row. The steps are in the index alone, and only the page's rows are read:
    /// hence the array of ids. (A join with the page may be planned as one with the whole table.)
    ///
    /// - Parameter total: What `count` said, more than `offset`.
    func numbers(of total: Int, in connection: Connection) throws -> [DIDNumber] {
        let isBackwards = offset > total / 2
        let limit = min(perPage, total - offset)
        let skipped = isBackwards ? total - offset - limit : offset
        let limits = parameters.count
        let order = order(reversed: isBackwards)
        let numbers = try connection.query(
            """
            SELECT \(Self.columns) FROM number WHERE id = ANY (ARRAY(
                SELECT id FROM number\(condition) ORDER BY \(order)
                LIMIT $\(limits + 1)::bigint OFFSET $\(limits + 2)::bigint
            )) ORDER BY \(order)
            """, parameters + [String(limit), String(skipped)]
        ).map(DIDNumber.init(row:))
        return isBackwards ? numbers.reversed() : numbers
    }

    private var condition: String {
        var conditions: [String] = []
        if currency != nil { conditions.append("currency = $1") }
        switch search {
        case .all: break
        case .nothing: conditions.append("false")
        case .digits: conditions.append("digits LIKE $\(parameters.count)")
        }
        return conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    }

    private var parameters: [String] {
        var parameters: [String] = []
        if let currency { parameters.append(currency.symbol) }
        if case .digits(let digits) = search { parameters.append("%\(digits)%") }
        return parameters
    }

    private func order(reversed: Bool) -> String {
        var keys = sort
        if !keys.contains(where: { $0.column == .id }) { keys.append(SortKey(.id)) }
        return keys.map { key in
            // The columns have the names of the keys.
            "\"\(key.column.rawValue)\" " + (key.isDescending != reversed ? "DESC" : "ASC")
        }.joined(separator: ", ")
    }
}
