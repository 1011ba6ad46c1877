internal import Inventory
internal import Storage

extension NumberQuery {
    func count(in connection: Connection) throws -> Int {
        try connection.count(countSelection, filter.condition().values, isCached: isCached)
    }

    private var countSelection: String { filter.countSelection + filter.condition().sql }

    /// The values of other filters decide which index is best, so such statements are planned each
    /// time: a plan for all searches would find a single digit by the trigram index.
    private var isCached: Bool { filter.isOfCurrencyAlone }

    func page(in connection: Connection) throws -> Page<DIDNumber> {
        try paging.page(of: count(in: connection)) { window in
            let isSorted = try isSorted(window, in: connection)
            let (sql, values) = selection(of: window, isSorted: isSorted)
            return try connection.rows(
                sql + " ORDER BY \(order(in: window).sql)", values, isCached: isCached,
                as: DIDNumber.init)
        }
    }

    /// Locks the numbers in the order of ids, so transactions do not deadlock. Omits numbers that
    /// no longer match after the wait for their lock.
    func lockedNumbers(in window: PageRange, of connection: Connection) throws -> [DIDNumber] {
        let condition = filter.condition()
        return try connection.rows(
            DIDNumber.selection + condition.sql + " ORDER BY id LIMIT \(window.limit) FOR UPDATE",
            condition.values, isCached: false, as: DIDNumber.init)
    }

    func openCursor(_ name: String, in connection: Connection) throws {
        let condition = filter.condition()
        try connection.query(
            """
            DECLARE \(name) NO SCROLL CURSOR FOR
            \(DIDNumber.selection)\(condition.sql) ORDER BY \(order.sql)
            """, condition.values)
    }

    /// The window of a page near the first, which is read from the start without a count; nil for
    /// later pages, and if the count decides how the page is found.
    var nearWindow: PageRange? {
        guard filter.isOfCurrencyAlone, paging.offset <= Self.nearOffset else { return nil }
        return paging.range(of: .max)
    }

    /// How many numbers before a page may be skipped without loss of speed.
    private static let nearOffset = 1000

    /// Reads the page of a near window, and the count, with one statement, so both have the same
    /// state and take one round trip.
    func page(in window: PageRange, of connection: Connection) throws -> Page<DIDNumber> {
        let (sql, values) = selection(of: window)
        var total = 0
        let numbers = try connection.rows(
            """
            SELECT total, \(DIDNumber.columns.names) FROM (\(countSelection)) AS counted (total)
            LEFT JOIN (\(sql)) AS page ON true ORDER BY \(order(in: window).sql)
            """, values, isCached: isCached
        ) { row in
            total = try row.count()
            // An empty page has one row, with the total only.
            return row.isNull ? nil : try DIDNumber(from: &row)
        }
        return Page(elements: numbers.compactMap { $0 }, total: total)
    }

    /// Selects the numbers of a page in any order. The inner query skips the rows before the window
    /// in an index, without reading the table. Its ids are an array, because the planner may join a
    /// plain subquery with the whole table.
    private func selection(
        of window: PageRange, isSorted: Bool = false
    ) -> (sql: String, values: [StoredValue]) {
        let (ids, values) = idSelection(of: window, isSorted: isSorted)
        return (DIDNumber.selection + " WHERE id = ANY (ARRAY(\(ids)))", values)
    }

    /// - Parameter isSorted: Whether to find all matches and sort them; if false, the planner chooses
    ///   the index.
    func idSelection(
        of window: PageRange, isSorted: Bool = false
    ) -> (sql: String, values: [StoredValue]) {
        let (condition, order) = (filter.condition(), order(in: window))
        var source = "number" + condition.sql
        if isSorted {
            // OFFSET prevents the planner from scanning all numbers in order until the page is full.
            source = "(SELECT * FROM \(source) OFFSET 0) AS found"
        }
        return (
            "SELECT id FROM \(source) ORDER BY \(order.sql) \(condition.window)",
            condition.values + window.limitAndOffset
        )
    }

    private func isSorted(_ window: PageRange, in connection: Connection) throws -> Bool {
        // Numbers of a currency, or of a range of the sort key, are read in order from an index.
        var ordered = NumberFilter(currency: filter.currency)
        if case .member(let member) = order[0].column {
            ordered.prices[member] = filter.prices[member]
        }
        guard filter != ordered else { return false }
        return try !isFoundSoonerInOrder(window, among: NumberQuery().count(in: connection))
    }
}
