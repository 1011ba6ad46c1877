internal import Inventory
internal import Storage

extension NumberQuery {
    /// The count of the numbers on all pages.
    func count(in connection: Connection) throws -> Int {
        let rows = try query(countSelection, condition.parameters, on: connection)
        return Int(try rows.first { try $0.integer(0) } ?? 0)
    }

    private var countSelection: String {
        // Triggers maintain the counts of currencies.
        let counting =
            filter.isOfCurrencyAlone
            ? "SELECT coalesce(sum(count), 0) FROM number_count"
            : "SELECT count(*) FROM number"
        return counting + condition.sql
    }

    /// The numbers of the window, in its order.
    func numbers(in window: PageRange, of connection: Connection) throws -> [DIDNumber] {
        let (sql, parameters) = selection(of: window)
        return try query(sql + " ORDER BY \(order(in: window).sql)", parameters, on: connection)
            .map(DIDNumber.init(row:))
    }

    /// The numbers of the window in the order of ids, locked until the transaction ends.
    ///
    /// Numbers that no longer match after the wait for their lock are left out.
    func lockedNumbers(in window: PageRange, of connection: Connection) throws -> [DIDNumber] {
        let condition = condition
        return try connection.query(
            """
            SELECT \(DIDNumber.columnNames) FROM number\(condition.sql) ORDER BY id
            LIMIT \(window.limit) FOR UPDATE
            """, condition.parameters, isPrepared: false
        ).map(DIDNumber.init(row:))
    }

    /// Prices and prefixes decide which index is best, so statements with them are planned each time.
    private func query(
        _ sql: String, _ parameters: [String], on connection: Connection
    ) throws -> Rows {
        try connection.query(sql, parameters, isPrepared: filter.isOfSearchAndCurrencyAlone)
    }

    /// Opens a cursor on the numbers of all pages, in their order, until the transaction ends.
    func openCursor(_ name: String, in connection: Connection) throws {
        let condition = condition
        try connection.query(
            """
            DECLARE \(name) NO SCROLL CURSOR FOR
            SELECT \(DIDNumber.columnNames) FROM number\(condition.sql)
            ORDER BY \(order.sql)
            """, condition.parameters)
    }

    /// The window of a page near the first, which is read from the start without a count; nil for others.
    var nearWindow: PageRange? { paging.offset <= Self.nearOffset ? paging.range(of: .max) : nil }

    /// How many numbers may be skipped without loss of speed.
    private static let nearOffset = 1000

    /// Reads the page of a near window, and the count, with one statement: one state and one round trip.
    func page(in window: PageRange, of connection: Connection) throws -> Page<DIDNumber> {
        let (sql, parameters) = selection(of: window)
        let rows = try query(
            """
            SELECT \(DIDNumber.columnNames), total FROM (\(countSelection)) AS counted (total)
            LEFT JOIN (\(sql)) AS page ON true ORDER BY \(order(in: window).sql)
            """, parameters, on: connection)
        let total = try rows.first { try $0.integer(Int32(DIDNumber.columns.count)) } ?? 0
        // An empty page has one row, with the total only.
        let numbers = try rows.map { $0.isNull(0) ? nil : try DIDNumber(row: $0) }
        return Page(elements: numbers.compactMap { $0 }, total: Int(total))
    }

    /// Selects the numbers of the window, in any order.
    ///
    /// The rows before them are skipped in an index alone. Hence the array of ids: a join with the page may be
    /// planned as a join with the whole table.
    private func selection(of window: PageRange) -> (sql: String, parameters: [String]) {
        let (ids, parameters) = idSelection(of: window)
        let names = DIDNumber.columnNames
        return ("SELECT \(names) FROM number WHERE id = ANY (ARRAY(\(ids)))", parameters)
    }

    func idSelection(of window: PageRange) -> (sql: String, parameters: [String]) {
        let (sql, parameters) = condition
        return (
            """
            SELECT id FROM number\(sql) ORDER BY \(order(in: window).sql)
            LIMIT $\(parameters.count + 1) OFFSET $\(parameters.count + 2)
            """, parameters + [String(window.limit), String(window.skipped)]
        )
    }

    /// The condition of the numbers on all pages.
    private var condition: (sql: String, parameters: [String]) {
        var conditions: [String] = []
        var parameters: [String] = []
        func place(_ parameter: String) -> String {
            parameters.append(parameter)
            return "$\(parameters.count)"
        }
        if let currency = filter.currency {
            conditions.append("currency = \(place(currency.symbol))")
        }
        for (member, range) in filter.priceRanges {
            let bounds = [range.lowerBound, range.upperBound].map { "\($0.tenThousandths)" }
            conditions.append(
                "\"\(member.rawValue)\" BETWEEN \(place(bounds[0])) AND \(place(bounds[1]))")
        }
        if let prefix = filter.prefix {
            conditions.append(
                "digits >= \(place(prefix.digits)) AND digits < \(place(prefix.end))")
        }
        switch filter.search {
        case .all: break
        case .nothing: conditions.append("false")
        case .digits(let digits): conditions.append("digits LIKE \(place("%\(digits)%"))")
        }
        let sql = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return (sql, parameters)
    }
}

extension [SortKey] {
    fileprivate var sql: String {
        map { key in
            let column =
                switch key.column {
                case .id: "id"
                case .member(let member): member.rawValue
                }
            return "\"\(column)\" " + (key.isDescending ? "DESC" : "ASC")
        }.joined(separator: ", ")
    }
}

extension DIDNumber {
    static let columnNames = columns.names

    init(row: Row) throws {
        var reader = RowReader(row: row)
        try self.init(from: &reader)
    }
}
