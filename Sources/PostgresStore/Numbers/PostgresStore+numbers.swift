package import Inventory
internal import Storage

extension PostgresStore {
    package func listNumbers(_ query: NumberQuery) async throws -> Page<DIDNumber> {
        if let window = query.nearWindow {
            return try await transaction(.none) { try query.page(in: window, of: $0) }
        }
        return try await transaction(.snapshot) { connection in
            try query.paging.page(of: query.count(in: connection)) {
                try query.numbers(in: $0, of: connection)
            }
        }
    }

    package func listCurrencies() async throws -> [CurrencyCount] {
        try await transaction(.none) { connection in
            try connection.rows(
                """
                SELECT currency, sum(count)::bigint AS total FROM number_count GROUP BY currency
                HAVING sum(count) > 0 ORDER BY total DESC, currency LIMIT $1
                """, [.integer(Int64(Currency.mostListed))]
            ) { row in
                CurrencyCount(
                    currency: Currency(storedSymbol: row.text()), count: Int(try row.integer()))
            }
        }
    }

    package func number(_ id: Int64) async throws -> DIDNumber {
        try await transaction(.none) { try $0.number(id) }
    }

    package func createNumbers(
        _ contents: [NumberContent], onlyIfEmpty: Bool
    ) async throws -> Int {
        try await transaction(.locking) { connection in
            if onlyIfEmpty {
                // Another program may fill the inventory at the same time.
                try connection.execute("LOCK TABLE number IN SHARE ROW EXCLUSIVE MODE")
                let count = try NumberQuery().count(in: connection)
                if count > 0 { throw InventoryNotEmpty(count: count) }
            }
            try connection.liftTimeout()
            let columns = NumberContent.columns
            return try connection.query(
                """
                INSERT INTO number (\(columns.names))
                SELECT \(columns.names)
                FROM unnest(\(columns.arrayParameters)) WITH ORDINALITY
                    AS content (\(columns.names), place)
                ORDER BY place
                ON CONFLICT (digits) DO NOTHING
                """, contents.map(\.storedValues).arrayParameters(columns: columns.count)
            ).changedCount
        }
    }

    package func updateNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author,
        _ change: @escaping @Sendable (inout NumberContent) throws -> Void
    ) async throws -> RecordedNumber {
        try await transaction(.locking) { connection in
            let current = try connection.number(id, isLocked: true)
            guard let next = try current.changed(if: condition, by: change) else {
                return RecordedNumber(number: current, change: nil)
            }
            return RecordedNumber(
                number: next, change: try connection.update(current, to: next, by: author))
        }
    }

    package func deleteNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author
    ) async throws -> RecordedNumber {
        try await transaction(.locking) { connection in
            let number = try connection.number(id, isLocked: true)
            try condition.check(number)
            let key = try connection.write(
                "DELETE FROM number WHERE id = $1 RETURNING id", [.integer(id)],
                recording: .deleted(number), as: .delete, by: author)
            return RecordedNumber(number: number, change: key?.change)
        }
    }
}

extension Connection {
    static let selectByID = "SELECT \(DIDNumber.columnNames) FROM number WHERE id = $1"
    static let selectAndLockByID = selectByID + " FOR UPDATE"

    /// - Parameter isLocked: Whether no other transaction may change the number until this one ends.
    fileprivate func number(_ id: Int64, isLocked: Bool = false) throws -> DIDNumber {
        let sql = isLocked ? Self.selectAndLockByID : Self.selectByID
        guard let number = try row(sql, [.integer(id)], as: DIDNumber.init(from:)) else {
            throw InventoryError.noSuchNumber(id: id)
        }
        return number
    }

    /// Returns the id of the change.
    fileprivate func update(
        _ current: DIDNumber, to number: DIDNumber, by author: Author
    ) throws -> Int64? {
        let columns = NumberContent.columns + [.integer("version")]
        let values =
            number.content.storedValues + [.integer(number.version), .integer(number.id)]
        try execute("SAVEPOINT before_update")
        do {
            return try write(
                """
                UPDATE number SET (\(columns.names)) = (\(columns.numbered))
                WHERE id = $\(values.count) RETURNING id
                """, values, recording: .changed(current, to: number.content), as: .change,
                by: author)?.change
        } catch let error as PostgresError where error.constraint == "number_digits_unique" {
            try execute("ROLLBACK TO SAVEPOINT before_update")
            throw try numberExists(number.content.value)
        }
    }

    /// Writes one number and its history with one statement; returns nil if no number was written.
    ///
    /// - Parameter writing: Returns the id of the number.
    func write(
        _ writing: String, _ values: [StoredValue], recording number: ChangedNumber,
        as kind: Change.Kind, by author: Author
    ) throws -> ChangeEntry.Key? {
        let columns = ChangedNumber.columns.filter { $0 != .integer("number") }
        let change = Change(id: 0, author: author, kind: kind, count: 1)
        let head = Array(Change.columns.dropFirst())
        return try row(
            """
            WITH written AS (\(writing)), recorded AS (
                INSERT INTO change (\(head.names))
                SELECT \(head.typedParameters(after: values.count)) FROM written
                RETURNING id
            )
            INSERT INTO change_number (change, number, \(columns.names))
            SELECT recorded.id, written.id,
                \(columns.typedParameters(after: values.count + head.count))
            FROM written, recorded RETURNING change, number
            """,
            values + change.storedValues.dropFirst() + number.storedValues.dropFirst()
        ) { ChangeEntry.Key(change: try $0.integer(), number: try $0.integer()) }
    }

    /// Returns the error that names the number which has `value`.
    func numberExists(_ value: PhoneNumber) throws -> any Error {
        let error = try row("SELECT id, value FROM number WHERE digits = $1", [.text(value.digits)])
        {
            InventoryError.numberExists(
                id: try $0.integer(),
                value: PhoneNumber(storedDigits: value.digits, formatted: $0.text()))
        }
        // The number was deleted meanwhile, so another attempt succeeds.
        return error ?? PostgresError.conflict("the conflicting number was deleted")
    }
}
