package import Inventory

extension PostgresStore {
    package func listNumbers(_ query: NumberQuery) async throws -> NumberPage {
        try await transaction(.snapshot) { connection in
            let total = try query.count(in: connection)
            guard query.offset < total else { return NumberPage(numbers: [], total: total) }
            return NumberPage(numbers: try query.numbers(of: total, in: connection), total: total)
        }
    }

    package func number(_ id: Int64) async throws -> DIDNumber {
        try await transaction(.none) { try Self.number(id, in: $0) }
    }

    package func createNumber(_ draft: NumberDraft) async throws -> DIDNumber {
        try await transaction(.committing) { connection in
            let id = try connection.query(
                """
                INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
                VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digits) DO NOTHING RETURNING id
                """, draft.parameters
            ).first { try $0.integer(0) }
            guard let id else { throw try Self.numberExists(draft.value, in: connection) }
            return DIDNumber(id: id, draft)
        }
    }

    package func createNumbers(_ drafts: [NumberDraft], onlyIfEmpty: Bool) async throws -> Int {
        try await transaction(.locking) { connection in
            if onlyIfEmpty {
                // Two programs that fill it at once would both find it empty.
                try connection.execute("LOCK TABLE number IN SHARE ROW EXCLUSIVE MODE")
                let count = try NumberQuery().count(in: connection)
                if count > 0 { throw InventoryError.notEmpty(count: count) }
            }
            // Many take longer than a request may; what waits for a lock is still sent away in
            // time.
            try connection.execute("SET LOCAL statement_timeout = 0")
            let columns = drafts.map(\.parameters)
            return try connection.query(
                """
                INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
                SELECT digits, value, monthy, setup, currency
                FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
                    WITH ORDINALITY AS draft (digits, value, monthy, setup, currency, place)
                ORDER BY place
                ON CONFLICT (digits) DO NOTHING
                """, (0..<5).map { column in columns.map { $0[column] }.arrayLiteral },
                timeout: nil
            ).changedCount
        }
    }

    package func updateNumber(
        _ id: Int64, if condition: VersionCondition,
        _ change: @escaping @Sendable (inout DIDNumber) throws -> Void
    ) async throws -> DIDNumber {
        try await transaction(.locking) { connection in
            let current = try Self.number(id, in: connection, lockedIf: condition)
            var changed = current
            try change(&changed)
            guard !changed.hasSameContent(as: current) else { return current }
            let next = changed.nextVersion
            try connection.execute("SAVEPOINT before_update")
            do {
                try connection.query(
                    """
                    UPDATE number SET digits = $1, value = $2, "monthyPrice" = $3,
                    "setupPrice" = $4, currency = $5, version = $6 WHERE id = $7
                    """, NumberDraft(next).parameters + [String(next.version), String(id)])
            } catch let error as PostgresError where error.constraint == "number_digits_unique" {
                try connection.execute("ROLLBACK TO SAVEPOINT before_update")
                throw try Self.numberExists(next.value, in: connection)
            }
            return next
        }
    }

    package func deleteNumber(
        _ id: Int64, if condition: VersionCondition
    ) async throws -> DIDNumber {
        try await transaction(.locking) { connection in
            let number = try Self.number(id, in: connection, lockedIf: condition)
            try connection.query("DELETE FROM number WHERE id = $1", [String(id)])
            return number
        }
    }

    package func state() async throws -> InventoryState? {
        try await transaction(.none) { connection in
            try connection.query("SELECT \(InventoryState.name)").first(InventoryState.init(row:))
                ?? nil
        }
    }

    package func checkReadiness() async throws {
        do {
            let isReadOnly = try await transaction(.none) { connection in
                let tables = Schema.tables.map { ", (SELECT 1 FROM \($0) LIMIT 1)" }.joined()
                // A standby is read only, and so is what its owner wants to be.
                return try connection.query(
                    "SELECT current_setting('transaction_read_only')" + tables
                ).first { $0.text(0) == "on" }
            }
            if isReadOnly ?? true {
                throw PostgresError(
                    sqlState: "25006", constraint: nil, description: "the database is read only")
            }
        } catch let error as PostgresError {
            throw InventoryError.unavailable(reason: error)
        }
    }

    private static func number(_ id: Int64, in connection: Connection) throws -> DIDNumber {
        let rows = try connection.query(
            "SELECT \(NumberQuery.columns) FROM number WHERE id = $1", [String(id)])
        guard let number = try rows.first(DIDNumber.init(row:)) else {
            throw InventoryError.noSuchNumber(id: id)
        }
        return number
    }

    /// The number, which nobody else changes until the transaction ends.
    private static func number(
        _ id: Int64, in connection: Connection, lockedIf condition: VersionCondition
    ) throws -> DIDNumber {
        let rows = try connection.query(
            "SELECT \(NumberQuery.columns) FROM number WHERE id = $1 FOR UPDATE", [String(id)])
        guard let number = try rows.first(DIDNumber.init(row:)) else {
            throw InventoryError.noSuchNumber(id: id)
        }
        guard condition.holds(for: number.version) else {
            throw InventoryError.versionConflict(current: number)
        }
        return number
    }

    /// Which number is in the way of `value`.
    private static func numberExists(
        _ value: PhoneNumber, in connection: Connection
    ) throws -> any Error {
        let holder = try connection.query(
            "SELECT id, value FROM number WHERE digits = $1", [value.digits]
        ).first { (id: try $0.integer(0), value: $0.text(1)) }
        // It was deleted in this moment; whoever asks again gets through.
        guard let holder else {
            return PostgresError(
                sqlState: "40001", constraint: nil, description: "the number in the way is gone")
        }
        return InventoryError.numberExists(
            id: holder.id,
            value: PhoneNumber(storedDigits: value.digits, formatted: holder.value))
    }
}

extension DIDNumber {
    /// Reads the columns of ``NumberQuery/columns``.
    init(row: Row) throws {
        self.init(
            id: try row.integer(0),
            value: PhoneNumber(storedDigits: row.text(1), formatted: row.text(2)),
            monthyPrice: Price(storedTenThousandths: try row.integer(3)),
            setupPrice: Price(storedTenThousandths: try row.integer(4)),
            currency: Currency(storedSymbol: row.text(5)), version: try row.integer(6))
    }
}

extension NumberDraft {
    /// Digits, value, monthly price, setup price, currency.
    var parameters: [String] {
        [
            value.digits, value.formatted, String(monthyPrice.tenThousandths),
            String(setupPrice.tenThousandths), currency.symbol,
        ]
    }
}

extension [String] {
    // https://www.postgresql.org/docs/current/arrays.html#ARRAYS-INPUT
    var arrayLiteral: String {
        let elements = map { element in
            "\"" + element.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        return "{" + elements.joined(separator: ",") + "}"
    }
}
