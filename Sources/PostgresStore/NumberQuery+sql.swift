internal import Inventory

extension NumberQuery {
    /// How many numbers there are on all pages.
    func count(in connection: Connection) throws -> Int {
        let rows = try connection.query(countSelection, parameters)
        return Int(try rows.first { try $0.integer(0) } ?? 0)
    }

    private var countSelection: String {
        if search != .all { return "SELECT count(*) FROM number" + condition }
        // Kept by triggers: see Schema.
        return "SELECT coalesce(sum(count), 0) FROM number_count" + condition
    }

    /// The numbers of the window, in its order.
    func numbers(in window: PageWindow, of connection: Connection) throws -> [DIDNumber] {
        let selection = selection(of: window)
        return try connection.query(
            selection.sql + " ORDER BY \(window.order.sql)", selection.parameters
        ).map(DIDNumber.init(row:))
    }

    /// Opens a cursor on the numbers of all pages, in their order; it ends with the transaction.
    func openCursor(_ name: String, in connection: Connection) throws {
        try connection.query(
            """
            DECLARE \(name) NO SCROLL CURSOR FOR
            SELECT \(DIDNumber.columnNames) FROM number\(condition)
            ORDER BY \(wholeWindow.order.sql)
            """, parameters, timeout: nil)
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
        let rows = try connection.query(
            """
            SELECT \(DIDNumber.columnNames), total FROM (\(countSelection)) AS counted (total)
            LEFT JOIN (\(selection.sql)) AS page ON true ORDER BY \(window.order.sql)
            """, selection.parameters)
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
