package import Inventory

extension SQLStore {
    package func listCurrencies(_ filter: NumberFilter) async throws -> [CurrencyCount]? {
        let isStored = filter.isOfCurrencyAlone
        return try await transaction(isStored ? .query : .snapshot) { transaction in
            let most = isStored ? .max : Currency.mostCounted
            guard try isStored || !transaction.exceeds(most, filter) else { return nil }
            let condition = try transaction.condition(of: filter)
            let found =
                isStored
                ? "SELECT currency, count FROM number_count\(condition.sql)"
                : "SELECT currency, 1 AS count FROM number\(condition.sql) LIMIT \(most + 1)"
            let counts = try transaction.rows(
                """
                SELECT currency, sum(count) AS total FROM (\(found)) AS found GROUP BY currency
                HAVING sum(count) > 0 ORDER BY total DESC, currency
                """, condition.values, isCached: isStored
            ) { row in
                CurrencyCount(
                    currency: Currency(storedSymbol: try row.text()), count: try row.count())
            }
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
