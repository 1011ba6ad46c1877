internal import Inventory

extension NumberQuery {
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

    /// The numbers of the window, in its order.
    ///
    /// Those before it are stepped over in an index alone, and only the window's rows are read:
    /// hence the array of ids. (A join with the page may be planned as one with the whole table.)
    func numbers(in window: PageWindow, of connection: Connection) throws -> [DIDNumber] {
        let ids = idSelection(of: window)
        return try connection.query(
            """
            SELECT \(DIDNumber.columnNames) FROM number WHERE id = ANY (ARRAY(
                \(ids.sql)
            )) ORDER BY \(window.order.sql)
            """, ids.parameters
        ).map(DIDNumber.init(row:))
    }

    func idSelection(of window: PageWindow) -> (sql: String, parameters: [String]) {
        let limits = parameters.count
        let sql = """
            SELECT id FROM number\(condition) ORDER BY \(window.order.sql)
            LIMIT $\(limits + 1)::bigint OFFSET $\(limits + 2)::bigint
            """
        return (sql, parameters + [String(window.limit), String(window.skipped)])
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
}

extension [SortKey] {
    fileprivate var sql: String {
        map { "\"\($0.column.inTable)\" " + ($0.isDescending ? "DESC" : "ASC") }
            .joined(separator: ", ")
    }
}

extension SortKey.Column {
    fileprivate var inTable: String {
        switch self {
        case .id: "id"
        case .member(let member): member.rawValue
        }
    }
}
