internal import Inventory
internal import Storage

/// A number that somebody wants to create.
struct Creation {
    let content: NumberContent
    let author: Author

    /// The change that it is, without its id.
    fileprivate var record: ChangeRecord {
        ChangeRecord(id: 0, author: author, kind: .create, count: 1)
    }
}

extension PostgresStore {
    /// Creates numbers with one statement, and so with one commit.
    ///
    /// - Returns: What came of each; nil where it is to be tried alone, since it may be there already, or
    ///   be what was in the way of all.
    func create(
        _ creations: [Creation], for operations: [DatabaseOperation]
    ) async throws -> [RecordedNumber?] {
        do {
            return try await transaction(.committing, for: operations) { connection in
                try Self.insert(creations, in: connection)
            }
        } catch  where error.mayBeOfOneRow {
            return creations.map { _ in nil }
        }
    }

    /// Creates those numbers that are not there yet, and records each as a change of its own; nil stands
    /// for the others.
    private static func insert(
        _ creations: [Creation], in connection: Connection
    ) throws -> [RecordedNumber?] {
        // A number that is there twice is created once, for the first.
        var seen: Set<String> = []
        let rows = creations.filter { seen.insert($0.content.value.digits).inserted }
            .map { $0.content.storedValues + $0.record.storedValues.dropFirst() }
        var keys: [String: ChangeEntry.Key] = [:]
        _ = try connection.query(
            insertion, rows.arrayParameters(columns: NumberContent.columns.count + head.count)
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

    // The database gives the id.
    private static let head = Array(ChangeRecord.columns.dropFirst())

    // All write in the order of digits, so that no two wait for each other.
    private static let insertion = """
        WITH given AS (
            SELECT * FROM unnest(\((NumberContent.columns + head).arrayParameters))
                AS given (\((NumberContent.columns + head).names))
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
    /// Whether one among several rows that were written together may be why none was.
    fileprivate var mayBeOfOneRow: Bool {
        switch self as any Error {
        case InventoryError.unavailable(let reason as PostgresError):
            // A lock that was not to be had in time.
            reason.isConflict || reason.sqlState == "55P03"
        // What does not pass by itself.
        case is PostgresError: true
        default: false
        }
    }
}
