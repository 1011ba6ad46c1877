package import Inventory
internal import Storage

struct Creation {
    let content: NumberContent
    let author: Author

    /// The change, without its id.
    fileprivate var record: Change {
        Change(id: 0, author: author, kind: .create, count: 1)
    }
}

extension PostgresStore {
    package func createNumber(
        _ content: NumberContent, by author: Author,
        once request: IdempotentRequest<RecordedNumber>?
    ) async throws -> RecordedNumber {
        let creation = Creation(content: content, author: author)
        if let request {
            return try await transaction(.locking) { connection in
                try connection.perform(request) { try connection.insert(creation) }
            }
        }
        return try await creations.respond(
            to: creation,
            .init(
                alone: { creation, operation in
                    try await transaction(.committing, for: [operation]) {
                        try $0.insert(creation)
                    }
                },
                together: { try await create($0, for: $1) }))
    }

    /// Creates numbers with one statement, and so with one commit.
    ///
    /// - Returns: The outcome of each; nil if it must be tried alone, because the number exists, or may have
    ///   caused the error of all.
    func create(
        _ creations: [Creation], for operations: [DatabaseOperation]
    ) async throws -> [RecordedNumber?] {
        do {
            return try await transaction(.committing, for: operations) { connection in
                try connection.insert(creations)
            }
        } catch  where error.mayBeOfOneRow {
            return creations.map { _ in nil }
        }
    }
}

extension Connection {
    fileprivate func insert(_ creation: Creation) throws -> RecordedNumber {
        let (content, columns) = (creation.content, NumberContent.columns)
        let key = try write(
            """
            INSERT INTO number (\(columns.names)) VALUES (\(columns.numbered))
            ON CONFLICT (digits) DO NOTHING RETURNING id
            """, content.storedValues,
            // The database generates the id.
            recording: .created(DIDNumber(id: 0, content: content)), as: .create,
            by: creation.author)
        guard let key else { throw try numberExists(content.value) }
        return RecordedNumber(
            number: DIDNumber(id: key.number, content: content), change: key.change)
    }

    /// Creates the numbers that do not exist, each with its change; the others are nil.
    fileprivate func insert(_ creations: [Creation]) throws -> [RecordedNumber?] {
        // A duplicate number is created once, for the first request.
        var seen: Set<String> = []
        let values = creations.filter { seen.insert($0.content.value.digits).inserted }
            .map { $0.content.storedValues + $0.record.storedValues.dropFirst() }
        var keys: [String: ChangeEntry.Key] = [:]
        _ = try query(
            Self.insertion, values.arrayParameters(columns: Self.creationColumns.count)
        ).map { row in
            keys[row.text(2)] = ChangeEntry.Key(
                change: try row.integer(0), number: try row.integer(1))
        }
        return creations.map { creation in
            keys.removeValue(forKey: creation.content.value.digits).map { key in
                RecordedNumber(
                    number: DIDNumber(id: key.number, content: creation.content),
                    change: key.change)
            }
        }
    }

    // The database generates the id of the change.
    private static let head = Array(Change.columns.dropFirst())
    private static let creationColumns = NumberContent.columns + head

    // All transactions write in the order of digits, so they do not deadlock.
    private static let insertion = """
        WITH given AS (
            SELECT * FROM unnest(\(creationColumns.arrayParameters))
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
            INSERT INTO change (id, \(head.names)) SELECT change, \(head.names) FROM noted
        )
        INSERT INTO change_number (change, number, version, \(ChangedNumber.columnsAfter.names))
        SELECT change, id, version, \(NumberContent.columns.names) FROM noted
        RETURNING change, number, after_digits
        """
}

extension Error {
    /// Whether one of several rows may have caused the error of all.
    fileprivate var mayBeOfOneRow: Bool {
        switch self as any Error {
        case InventoryError.unavailable(let reason as PostgresError):
            // 55P03 is a lock timeout.
            reason.isConflict || reason.sqlState == "55P03"
        // Such as a broken constraint.
        case is PostgresError: true
        default: false
        }
    }
}
