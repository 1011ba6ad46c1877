internal import Inventory
internal import Storage

extension NumberQuery {
    /// How many numbers there are on all pages.
    func count(in connection: Connection) throws -> Int {
        let rows = try query(countSelection, condition.parameters, on: connection)
        return Int(try rows.first { try $0.integer(0) } ?? 0)
    }

    private var countSelection: String {
        // Kept by triggers: see Schema.
        let counting =
            filter.isOfCurrencyAlone
            ? "SELECT coalesce(sum(count), 0) FROM number_count"
            : "SELECT count(*) FROM number"
        return counting + condition.sql
    }

    /// The numbers of the window, in its order.
    func numbers(in window: PageWindow, of connection: Connection) throws -> [DIDNumber] {
        let selection = selection(of: window)
        return try query(
            selection.sql + " ORDER BY \(window.order.sql)", selection.parameters, on: connection
        ).map(DIDNumber.init(row:))
    }

    /// The same in the order of their ids, locked until the transaction ends, without those that no longer
    /// match once they are locked.
    func lockedNumbers(in window: PageWindow, of connection: Connection) throws -> [DIDNumber] {
        let condition = condition
        return try connection.query(
            """
            SELECT \(DIDNumber.columnNames) FROM number\(condition.sql) ORDER BY id
            LIMIT \(window.limit) FOR UPDATE
            """, condition.parameters, isPrepared: false
        ).map(DIDNumber.init(row:))
    }

    /// How many numbers match, and so which index finds a page soonest, depends on the prices and first
    /// digits.
    private func query(
        _ sql: String, _ parameters: [String], on connection: Connection
    ) throws -> Rows {
        try connection.query(sql, parameters, isPrepared: filter.isOfSearchAndCurrencyAlone)
    }

    /// Opens a cursor on the numbers of all pages, in their order; it ends with the transaction.
    func openCursor(_ name: String, in connection: Connection) throws {
        let condition = condition
        try connection.query(
            """
            DECLARE \(name) NO SCROLL CURSOR FOR
            SELECT \(DIDNumber.columnNames) FROM number\(condition.sql)
            ORDER BY \(wholeWindow.order.sql)
            """, condition.parameters, timeout: nil)
    }

    /// The window of a page so near to the first that it need not be known from which end it is
    /// nearer; nil for the others.
    var nearWindow: PageWindow? { offset <= Self.nearOffset ? window(of: .max) : nil }

    /// How many numbers may be stepped over for nothing.
    private static let nearOffset = 1000

    /// The page of a near window and the total, with one statement, which sees one state by itself and
    /// takes one round trip.
    func page(in window: PageWindow, of connection: Connection) throws -> NumberPage {
        let selection = selection(of: window)
        let rows = try query(
            """
            SELECT \(DIDNumber.columnNames), total FROM (\(countSelection)) AS counted (total)
            LEFT JOIN (\(selection.sql)) AS page ON true ORDER BY \(window.order.sql)
            """, selection.parameters, on: connection)
        let total = try rows.first { try $0.integer(Int32(DIDNumber.columns.count)) } ?? 0
        // Where the page is empty, the total stands alone.
        let numbers = try rows.map { $0.isNull(0) ? nil : try DIDNumber(row: $0) }
        return NumberPage(numbers: numbers.compactMap { $0 }, total: Int(total))
    }

    /// The numbers of the window, in any order.
    ///
    /// Those before it are stepped over in an index alone, and only the window's rows are read:
    /// hence the array of ids. (A join with the page may be planned as one with the whole table.)
    private func selection(of window: PageWindow) -> (sql: String, parameters: [String]) {
        let ids = idSelection(of: window)
        let sql = """
            SELECT \(DIDNumber.columnNames) FROM number WHERE id = ANY (ARRAY(
                \(ids.sql)
            ))
            """
        return (sql, ids.parameters)
    }

    func idSelection(of window: PageWindow) -> (sql: String, parameters: [String]) {
        let condition = condition
        let limits = condition.parameters.count
        let sql = """
            SELECT id FROM number\(condition.sql) ORDER BY \(window.order.sql)
            LIMIT $\(limits + 1)::bigint OFFSET $\(limits + 2)::bigint
            """
        return (sql, condition.parameters + [String(window.limit), String(window.skipped)])
    }

    /// What the numbers of all pages have in common.
    private var condition: (sql: String, parameters: [String]) {
        var conditions: [String] = []
        var parameters: [String] = []
        /// The place of a parameter in the statement.
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
