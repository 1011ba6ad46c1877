package import Inventory

extension SQLStore {
    package func listCurrencies(_ filter: NumberFilter) async throws -> [CurrencyCount]? {
        guard !filter.isOfCurrencyAlone else {
            return try await transaction(.query) { transaction in
                let condition = filter.condition()
                let counts = try transaction.currencies(
                    of: "SELECT currency, count FROM number_count" + condition.sql, condition)
                return Array(counts.prefix(Currency.mostListed))
            }
        }
        return try await transaction(.snapshot) { transaction in
            guard let part = try transaction.narrowPart(of: filter) else { return nil }
            // The LIMIT of the inner query makes both stores find the part first, by its index.
            var condition = try transaction.condition(of: part)
            let found = "SELECT * FROM number\(condition.endClause()) LIMIT \(Currency.mostRead)"
            condition = filter.condition(after: condition)
            let most = Currency.mostCounted
            let counts = try transaction.currencies(
                of: """
                    SELECT currency, 1 AS count FROM (\(found)) AS number\(condition.sql)
                    LIMIT \(most + 1)
                    """, condition, isCached: false)
            guard counts.reduce(0, { $0 + $1.count }) <= most else { return nil }
            return Array(counts.prefix(Currency.mostListed))
        }
    }

    package func number(_ id: Int64) async throws -> DIDNumber {
        try await transaction(.query) { try $0.number(id, DIDNumber.selectionByID) }
    }

    package func createNumbers(
        _ contents: [NumberContent], onlyIfEmpty: Bool
    ) async throws -> Int {
        try await transaction(.write) { transaction in
            if onlyIfEmpty { try transaction.checkCount(most: 0) }
            try transaction.liftTimeLimits()
            return try transaction.insertNew(contents, isLoading: false)
        }
    }

    package func updateNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author,
        _ change: @escaping @Sendable (inout NumberContent) throws -> Void
    ) async throws -> RecordedNumber {
        try await transaction(.write) { transaction in
            let current = try transaction.lockedNumber(id)
            guard let next = try current.changed(if: condition, by: change) else {
                return RecordedNumber(number: current, change: nil)
            }
            let key = try transaction.mappingDuplicates(of: next.content.value) {
                try transaction.write(
                    DIDNumber.update,
                    next.content.storedValues + [.integer(next.version), .integer(id)],
                    recording: .changed(current, to: next.content), as: .change, by: author)
            }
            return RecordedNumber(number: next, change: key?.change)
        }
    }

    package func deleteNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author
    ) async throws -> RecordedNumber {
        try await transaction(.write) { transaction in
            let number = try transaction.lockedNumber(id)
            try condition.check(number)
            let key = try transaction.write(
                "DELETE FROM number WHERE id = $1", [.integer(id)],
                recording: .deleted(number), as: .delete, by: author)
            return RecordedNumber(number: number, change: key?.change)
        }
    }
}

extension NumberFilter {
    /// Filters that together have all conditions of this one that an index finds.
    package var parts: [NumberFilter] {
        let parts =
            [
                NumberFilter(search: search.hasIndex ? search : .all, suffix: suffix),
                NumberFilter(prefix: prefix),
            ]
            + priceRanges.map { NumberFilter(currency: currency, prices: [$0.member: $0.range]) }
            + [NumberFilter(currency: currency)]
        return parts.filter { $0 != NumberFilter() }
    }
}

extension DIDNumber {
    package static let selection = "SELECT \(columns.names) FROM number"
    package static let selectionByID = selection + " WHERE id = $1"
    package static let selectionByDigits = selection + " WHERE digits = $1"

    fileprivate static let update = {
        let columns = NumberContent.columns + [.integer("version")]
        return """
            UPDATE number SET (\(columns.names)) = (\(columns.numbered))
            WHERE id = $\(columns.count + 1)
            """
    }()
}

extension SQLTransaction {
    fileprivate func currencies(
        of counts: String, _ condition: SQLCondition, isCached: Bool = true
    ) throws -> [CurrencyCount] {
        try rows(
            """
            SELECT currency, sum(count) AS total FROM (\(counts)) AS found GROUP BY currency
            HAVING sum(count) > 0 ORDER BY total DESC, currency
            """, condition.values, isCached: isCached
        ) { row in
            CurrencyCount(currency: Currency(storedSymbol: try row.text()), count: try row.count())
        }
    }

    /// The first part of the filter that finds few numbers. If each finds many, no condition is the
    /// part of a small inventory, and nil that of a large one.
    fileprivate func narrowPart(of filter: NumberFilter) throws -> NumberFilter? {
        for part in filter.parts {
            let most = Currency.mostCounted
            let count = try candidateCount(of: part, most: most + 1, isCached: false)
            if count <= most { return part }
        }
        let all = NumberFilter()
        return try count(all.countSelection) <= Currency.mostRead ? all : nil
    }

    /// How many rows an index finds for the filter; counts no more than `most`.
    package func candidateCount(
        of filter: NumberFilter, most: Int, isCached: Bool = true
    ) throws -> Int {
        let (rows, values) = try candidates(of: filter)
        return try count(
            "SELECT count(*) FROM (SELECT 1 FROM \(rows) LIMIT \(most)) AS candidate", values,
            isCached: isCached)
    }

    fileprivate func number(_ id: Int64, _ selection: String) throws -> DIDNumber {
        guard let number = try row(selection, [.integer(id)], as: DIDNumber.init) else {
            throw InventoryError.noSuchNumber(id: id)
        }
        return number
    }

    fileprivate func lockedNumber(_ id: Int64) throws -> DIDNumber {
        try number(id, DIDNumber.selectionByID + lock(for: "UPDATE"))
    }

    /// The error for a write that would store `value` again; nil if no number has it.
    package func duplicateError(_ value: PhoneNumber) throws -> InventoryError? {
        let other = try row(
            DIDNumber.selectionByDigits, [.text(value.digits)], as: DIDNumber.init)
        return other.map { .numberExists(id: $0.id, value: $0.content.value) }
    }

    func checkCount(most: Int) throws {
        // Lock the table before the count, because another program may create numbers meanwhile.
        try lock(table: "number")
        let query = NumberQuery().filter.countSelection
        let count = try count(query)
        guard count <= most else { throw InventoryNotEmpty(count: count) }
    }
}
