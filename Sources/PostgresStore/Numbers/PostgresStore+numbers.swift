package import Inventory
package import Storage

extension PostgresStore {
    package func listNumbers(_ query: NumberQuery) async throws -> NumberPage {
        if let window = query.nearWindow {
            return try await transaction(.none) { try query.page(in: window, of: $0) }
        }
        return try await transaction(.snapshot) { connection in
            try query.page(of: query.count(in: connection)) {
                try query.numbers(in: $0, of: connection)
            }
        }
    }

    package func listCurrencies() async throws -> [CurrencyCount] {
        try await transaction(.none) { connection in
            try connection.query(
                """
                SELECT currency, sum(count)::bigint AS total FROM number_count GROUP BY currency
                HAVING sum(count) > 0 ORDER BY total DESC, currency LIMIT $1::bigint
                """, [String(CurrencyCount.most)]
            ).map { row in
                CurrencyCount(
                    currency: Currency(storedSymbol: row.text(0)), count: Int(try row.integer(1)))
            }
        }
    }

    package func number(_ id: Int64) async throws -> DIDNumber {
        try await transaction(.none) { try Self.number(id, in: $0) }
    }

    package func createNumber(
        _ content: NumberContent, by author: Author,
        once request: IdempotentRequest<RecordedNumber>?
    ) async throws -> RecordedNumber {
        let creation = Creation(content: content, author: author)
        if let request {
            return try await transaction(.locking) { connection in
                try connection.perform(request) { try Self.insert(creation, in: connection) }
            }
        }
        return try await creations.respond(
            to: creation,
            .init(
                alone: { creation, operation in
                    try await transaction(.committing, for: [operation]) { connection in
                        try Self.insert(creation, in: connection)
                    }
                },
                together: { try await create($0, for: $1) }))
    }

    package func createNumbers(
        _ contents: [NumberContent], onlyIfEmpty: Bool
    ) async throws -> Int {
        try await transaction(.locking) { connection in
            if onlyIfEmpty {
                // Two programs that fill it at once would both find it empty.
                try connection.execute("LOCK TABLE number IN SHARE ROW EXCLUSIVE MODE")
                let count = try NumberQuery().count(in: connection)
                if count > 0 { throw InventoryNotEmpty(count: count) }
            }
            // Many take longer than a request may; what waits for a lock is still sent away in
            // time.
            try connection.execute("SET LOCAL statement_timeout = 0")
            return try Self.insert(contents, in: connection)
        }
    }

    package func updateNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author,
        _ change: @escaping @Sendable (inout NumberContent) throws -> Void
    ) async throws -> RecordedNumber {
        try await transaction(.locking) { connection in
            let current = try Self.number(id, in: connection, isLocked: true)
            guard let next = try current.changed(if: condition, by: change) else {
                return RecordedNumber(number: current, change: nil)
            }
            let id = try Self.update(current, to: next, by: author, in: connection)
            return RecordedNumber(number: next, change: id)
        }
    }

    package func deleteNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author
    ) async throws -> RecordedNumber {
        try await transaction(.locking) { connection in
            let number = try Self.number(id, in: connection, isLocked: true)
            try condition.check(number)
            let recorded = try Self.write(
                "DELETE FROM number WHERE id = $1 RETURNING id", [.integer(id)],
                recording: .deleted(number), as: .delete, by: author, in: connection)
            return RecordedNumber(number: number, change: recorded?.change)
        }
    }

    package func state() async throws -> StoreStateToken? {
        try await transaction(.none) { connection in
            try connection.query("SELECT \(StoreStateToken.name)").first { state($0) } ?? nil
        }
    }

    /// The state that a row tells in a column which was asked for by ``StoreStateToken/name``; nil
    /// where other reads may be of another server.
    func state(_ row: Row, column: Int32 = 0) -> StoreStateToken? {
        standbySighting.isStateKnown ? StoreStateToken(row: row, column: column) : nil
    }

    package func checkReadiness() async throws {
        let sqlState = try await stateOfWrites()
        guard sqlState != "" else { return }
        throw InventoryError.notWritable(
            reason: PostgresError(
                sqlState: sqlState, constraint: nil,
                description: "the database is read only, or the role may not write"))
    }

    package func checkReads() async throws { _ = try await stateOfWrites() }

    /// Returns the SQLSTATE with which a write would fail; the empty one if it would succeed.
    private func stateOfWrites() async throws -> String? {
        do {
            return try await transaction(.none) { connection in
                let tables = Schema.tables.map { ", (SELECT 1 FROM \($0) LIMIT 1)" }.joined()
                let isGranted =
                    Schema.tables.map { "has_table_privilege('\($0)', 'INSERT')" }
                    .joined(separator: " AND ")
                    // For the staged numbers of imports and bulk changes.
                    + " AND has_database_privilege(current_database(), 'TEMPORARY')"
                // The SQLSTATE of a write: a standby is read-only, and its owner may restrict the role.
                return try connection.query(
                    """
                    SELECT CASE WHEN current_setting('transaction_read_only') = 'on' THEN '25006'
                    WHEN NOT (\(isGranted)) THEN '42501' ELSE '' END
                    """ + tables
                ).first { $0.text(0) }
            }
        } catch let error as PostgresError {
            throw InventoryError.unavailable(reason: error)
        }
    }

    /// - Parameter isLocked: Whether nobody else changes the number until the transaction ends.
    static func number(
        _ id: Int64, in connection: Connection, isLocked: Bool = false
    ) throws -> DIDNumber {
        let rows = try connection.query(isLocked ? selectAndLockByID : selectByID, [String(id)])
        guard let number = try rows.first(DIDNumber.init(row:)) else {
            throw InventoryError.noSuchNumber(id: id)
        }
        return number
    }

    static let selectByID = "SELECT \(DIDNumber.columnNames) FROM number WHERE id = $1"
    static let selectAndLockByID = selectByID + " FOR UPDATE"

    private static func insert(
        _ creation: Creation, in connection: Connection
    ) throws -> RecordedNumber {
        let (content, columns) = (creation.content, NumberContent.columns)
        let recorded = try write(
            """
            INSERT INTO number (\(columns.names)) VALUES (\(columns.parameters))
            ON CONFLICT (digits) DO NOTHING RETURNING id
            """, content.storedValues,
            // The database gives the id.
            recording: .created(DIDNumber(id: 0, content: content)), as: .create,
            by: creation.author, in: connection)
        guard let recorded else { throw try numberExists(content.value, in: connection) }
        return RecordedNumber(
            number: DIDNumber(id: recorded.number, content: content), change: recorded.change)
    }

    /// Writes one number and records that, with one statement; returns nil where `writing` has
    /// written nothing.
    ///
    /// - Parameter writing: Returns the id of the number that was written.
    private static func write(
        _ writing: String, _ values: [StoredValue], recording number: ChangedNumber,
        as kind: Change.Kind, by author: Author, in connection: Connection
    ) throws -> ChangeEntry.Key? {
        let columns = ChangedNumber.columns.filter { $0 != .integer("number") }
        let change = ChangeRecord(id: 0, author: author, kind: kind, count: 1)
        let head = ChangeRecord.columns.dropFirst()
        return try connection.query(
            """
            WITH written AS (\(writing)), recorded AS (
                INSERT INTO change (\(Array(head).names))
                SELECT \(Array(head).typedParameters(after: values.count)) FROM written
                RETURNING id
            )
            INSERT INTO change_number (change, number, \(columns.names))
            SELECT recorded.id, written.id,
                \(columns.typedParameters(after: values.count + head.count))
            FROM written, recorded RETURNING change, number
            """,
            (values + change.storedValues.dropFirst() + number.storedValues.dropFirst()).parameters
        ).first { ChangeEntry.Key(change: try $0.integer(0), number: try $0.integer(1)) }
    }

    /// Inserts what is not there yet, in its order, and returns how many numbers those were.
    private static func insert(
        _ contents: [NumberContent], in connection: Connection
    ) throws -> Int {
        let columns = NumberContent.columns
        return try connection.query(
            """
            INSERT INTO number (\(columns.names))
            SELECT \(columns.names)
            FROM unnest(\(columns.arrayParameters)) WITH ORDINALITY
                AS content (\(columns.names), place)
            ORDER BY place
            ON CONFLICT (digits) DO NOTHING
            """, contents.map(\.storedValues).arrayParameters(columns: columns.count),
            timeout: nil
        ).changedCount
    }

    /// Returns the id of the change.
    private static func update(
        _ current: DIDNumber, to number: DIDNumber, by author: Author, in connection: Connection
    ) throws -> Int64? {
        let columns = NumberContent.columns + [.integer("version")]
        let values =
            number.content.storedValues + [.integer(number.version), .integer(number.id)]
        try connection.execute("SAVEPOINT before_update")
        do {
            return try write(
                """
                UPDATE number SET (\(columns.names)) = (\(columns.parameters))
                WHERE id = $\(values.count) RETURNING id
                """, values, recording: .changed(current, to: number.content), as: .change,
                by: author, in: connection)?.change
        } catch let error as PostgresError where error.constraint == "number_digits_unique" {
            try connection.execute("ROLLBACK TO SAVEPOINT before_update")
            throw try numberExists(number.content.value, in: connection)
        }
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
