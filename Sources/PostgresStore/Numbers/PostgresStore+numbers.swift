package import Inventory
package import Storage

struct Creation {
    let content: NumberContent
    let author: Author
}

/// The columns and values of a change of one number, without the id, which the database generates.
extension Change {
    fileprivate static let head = Array(columns.dropFirst())

    fileprivate static func head(of kind: Kind, by author: Author) -> ArraySlice<StoredValue> {
        Change(id: 0, author: author, kind: kind, count: 1).storedValues.dropFirst()
    }
}

extension PostgresStore {
    package func listNumbers(_ query: NumberQuery) async throws -> Page<DIDNumber> {
        if let window = query.nearWindow {
            return try await transaction(.query) { try query.page(in: window, of: $0) }
        }
        return try await transaction(.snapshot) { try query.page(in: $0) }
    }

    package func createNumber(
        _ content: NumberContent, by author: Author,
        once request: IdempotentRequest<RecordedNumber>?
    ) async throws -> RecordedNumber {
        let creation = Creation(content: content, author: author)
        if let request {
            return try await transaction(.write) { connection in
                try connection.perform(request) { try connection.insert(creation) }
            }
        }
        return try await creations.respond(
            to: creation,
            .init(
                alone: { creation, operation in
                    try await perform(.statement, operation, unless: nil) {
                        try $0.insert(creation)
                    }
                },
                together: { try await create($0, for: $1) }))
    }

    /// Creates the numbers with one statement. The response to a request that must run again alone
    /// is nil: its number exists, or may have caused the statement's error.
    func create(
        _ creations: [Creation], for operations: [DatabaseOperation]
    ) async throws -> [RecordedNumber?] {
        do {
            return try await transaction(.statement, for: operations) { connection in
                try connection.insert(creations)
            }
        } catch  where error.mayBeOfOneRow {
            return creations.map { _ in nil }
        }
    }
}

extension Connection {
    fileprivate func insert(_ creation: Creation) throws -> RecordedNumber {
        let content = creation.content
        let key = try write(
            StoredTable.newNumber.insertion + " ON CONFLICT (digits) DO NOTHING",
            content.storedValues,
            // The database generates the id.
            recording: .created(DIDNumber(id: 0, content: content)), as: .create,
            by: creation.author)
        guard let key else { throw try numberExists(content.value) }
        return RecordedNumber(
            number: DIDNumber(id: key.number, content: content), change: key.change)
    }

    /// Creates the numbers that do not exist, each with its change; returns nil for the others.
    fileprivate func insert(_ creations: [Creation]) throws -> [RecordedNumber?] {
        // A duplicate number is created once, for the first request.
        var seen: Set<String> = []
        let values = creations.filter { seen.insert($0.content.value.digits).inserted }
            .map { $0.content.storedValues + Change.head(of: .create, by: $0.author) }
        var keys: [String: ChangeEntry.Key] = [:]
        let arrays = values.arrayParameters(columns: Self.creationColumns.count)
        try forEachRow(Self.insertion, arrays, isCached: true) { row in
            let key = ChangeEntry.Key(change: try row.integer(), number: try row.integer())
            keys[row.text()] = key
        }
        return creations.map { creation in
            keys.removeValue(forKey: creation.content.value.digits).map { key in
                RecordedNumber(
                    number: DIDNumber(id: key.number, content: creation.content),
                    change: key.change)
            }
        }
    }

    private static let creationColumns = NumberContent.columns + Change.head

    // All transactions write in the order of digits, so they do not deadlock.
    private static let insertion = """
        WITH given AS (
            SELECT * FROM unnest(\(creationColumns.typedParameters("[]")))
                AS given (\(creationColumns.names))
        ), written AS (
            INSERT INTO number (\(NumberContent.columns.names))
            SELECT \(NumberContent.columns.names) FROM given ORDER BY digits
            ON CONFLICT (digits) DO NOTHING RETURNING id, version, digits
        ), noted AS (
            SELECT nextval(pg_get_serial_sequence('change', 'id')) AS change,
                written.id, written.version, given.*
            FROM written JOIN given ON given.digits = written.digits
        ), recorded AS (
            INSERT INTO change (id, \(Change.head.names)) SELECT change, \(Change.head.names) FROM noted
        )
        INSERT INTO change_number (change, number, version, \(ChangedNumber.columnsAfter.names))
        SELECT change, id, version, \(NumberContent.columns.names) FROM noted
        RETURNING change, number, after_digits
        """
}

extension Connection {
    package func write(
        _ sql: String, _ values: [StoredValue], recording number: ChangedNumber,
        as kind: Change.Kind, by author: Author
    ) throws -> ChangeEntry.Key? {
        let columns = ChangedNumber.columns.filter { $0 != .integer("number") }
        let head = Change.head
        return try row(
            """
            WITH written AS (\(sql) RETURNING id), recorded AS (
                INSERT INTO change (\(head.names))
                SELECT \(head.typedParameters(after: values.count)) FROM written
                RETURNING id
            )
            INSERT INTO change_number (change, number, \(columns.names))
            SELECT recorded.id, written.id,
                \(columns.typedParameters(after: values.count + head.count))
            FROM written, recorded RETURNING change, number
            """,
            values + Change.head(of: kind, by: author) + number.storedValues.dropFirst()
        ) { ChangeEntry.Key(change: try $0.integer(), number: try $0.integer()) }
    }

    package func insert(_ rows: [[StoredValue]], into table: StoredTable) throws {
        try copy(rows, table.columns, into: table.name)
    }

    package func insertNew(_ contents: [NumberContent], isLoading: Bool) throws -> Int {
        let (rows, columns) = (contents.map(\.storedValues), NumberContent.columns)
        if isLoading {
            try insert(rows, into: .newNumber)
            return rows.count
        }
        return try change(
            """
            INSERT INTO number (\(columns.names))
            SELECT \(columns.names)
            FROM unnest(\(columns.typedParameters("[]"))) WITH ORDINALITY
                AS content (\(columns.names), place)
            ORDER BY place
            ON CONFLICT (digits) DO NOTHING
            """, rows.arrayParameters(columns: columns.count))
    }
}

extension Error {
    /// Whether a single row may have caused the error of a statement with several rows.
    fileprivate var mayBeOfOneRow: Bool {
        switch self as any Error {
        case InventoryError.unavailable(let reason as PostgresError):
            reason.isConflict || reason.isLockTimeout
        // For example, a violated constraint.
        case is PostgresError: true
        default: false
        }
    }
}
