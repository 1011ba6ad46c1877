internal import GRDB
internal import Threads
package import Inventory
package import Storage

extension SQLiteStore {
    package func listNumbers(_ query: NumberQuery) async throws -> NumberPage {
        try await read { db in
            try query.page(of: query.count(in: db)) { try query.numbers(in: $0, of: db) }
        }
    }

    package func listCurrencies() async throws -> [CurrencyCount] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT currency, count FROM number_count WHERE count > 0
                    ORDER BY count DESC, currency LIMIT ?
                    """)
            return try Row.fetchAll(statement, arguments: [CurrencyCount.most]).map { row in
                CurrencyCount(currency: Currency(storedSymbol: row[0]), count: row[1])
            }
        }
    }

    package func number(_ id: Int64) async throws -> DIDNumber {
        try await read { db in try Self.number(id, in: db) }
    }

    package func createNumber(
        _ content: NumberContent, by author: Author,
        once request: IdempotentRequest<RecordedNumber>?
    ) async throws -> RecordedNumber {
        try await write { db in
            try db.perform(request) {
                let number = try Self.insert(content, into: db)
                let change = try Self.record(.created(number), as: .create, by: author, in: db)
                return RecordedNumber(number: number, change: change)
            }
        }
    }

    package func createNumbers(
        _ contents: [NumberContent], onlyIfEmpty: Bool
    ) async throws -> Int {
        try await write { db in
            let before = try NumberQuery().count(in: db)
            if onlyIfEmpty, before > 0 { throw InventoryNotEmpty(count: before) }
            for content in contents {
                do {
                    _ = try Self.insert(content, into: db)
                } catch InventoryError.numberExists {
                    continue
                }
            }
            return try NumberQuery().count(in: db) - before
        }
    }

    package func updateNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author,
        _ change: @escaping @Sendable (inout NumberContent) throws -> Void
    ) async throws -> RecordedNumber {
        try await write { db in
            let current = try Self.number(id, in: db)
            guard let next = try current.changed(if: condition, by: change) else {
                return RecordedNumber(number: current, change: nil)
            }
            try Self.update(next, in: db)
            let id = try Self.record(
                .changed(current, to: next.content), as: .change, by: author, in: db)
            return RecordedNumber(number: next, change: id)
        }
    }

    package func deleteNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author
    ) async throws -> RecordedNumber {
        try await write { db in
            let number = try Self.number(id, in: db)
            try condition.check(number)
            try db.cachedStatement(sql: "DELETE FROM number WHERE id = ?").execute([.integer(id)])
            let change = try Self.record(.deleted(number), as: .delete, by: author, in: db)
            return RecordedNumber(number: number, change: change)
        }
    }

    package func state() async throws -> StoreStateToken? {
        try await readAtOnceOrWait { _, version in version.map(StoreStateToken.init(version:)) }
    }

    package func checkReadiness() async throws {
        try await checkReads()
        try await probe.check {
            // What a failed large change has left in the log may be what fills the disk. It comes first: a write
            // that succeeds ends the probing.
            try await readers.run(before: .now + Self.waitTimeout) { try foldLog() }
            try await StoreMetrics.$countsFailures.withValue(false, operation: writePage)
        }
        try await read { _ in try file?.checkSpace() }
    }

    /// Writes a page, and changes nothing.
    private func writePage() async throws {
        try await write { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            try db.execute(sql: "PRAGMA user_version = \(version)")
        }
    }

    package func checkReads() async throws {
        do {
            try await read { db in
                for table in Schema.tables {
                    _ = try Int.fetchOne(db, sql: "SELECT 1 FROM \(table) LIMIT 1")
                }
            }
        } catch let error as DatabaseError {
            throw InventoryError.unavailable(reason: error)
        }
    }

    static let selectByID = "SELECT \(DIDNumber.columnNames) FROM number WHERE id = ?"
    static let selectByDigits = "SELECT \(DIDNumber.columnNames) FROM number WHERE digits = ?"

    /// Records what one request did to one number, and returns the id of that change.
    private static func record(
        _ number: ChangedNumber, as kind: Change.Kind, by author: Author, in db: Database
    ) throws -> Int64 {
        let target = SQLiteChangeTransaction(db: db)
        let record = ChangeRecord(
            id: try target.newChangeID(), author: author, kind: kind, count: 1)
        try target.insert(record)
        try target.insert([ChangeEntry(change: record.id, number: number)])
        return record.id
    }

    static func number(_ id: Int64, in db: Database) throws -> DIDNumber {
        let statement = try db.cachedStatement(sql: selectByID)
        guard let number = try DIDNumber.fetchOne(statement, [.integer(id)]) else {
            throw InventoryError.noSuchNumber(id: id)
        }
        return number
    }

    private static let insertion = """
        INSERT INTO number (\(NumberContent.columns.names)) VALUES (\(NumberContent.columns.marks))
        """

    private static func insert(_ content: NumberContent, into db: Database) throws -> DIDNumber {
        let statement = try db.cachedStatement(sql: insertion)
        try refusingDuplicates(of: content.value, in: db) {
            try statement.execute(content.storedValues)
        }
        return DIDNumber(id: db.lastInsertedRowID, content: content)
    }

    private static let updating = {
        let columns = NumberContent.columns + [.integer("version")]
        return "UPDATE number SET (\(columns.names)) = (\(columns.marks)) WHERE id = ?"
    }()

    private static func update(_ number: DIDNumber, in db: Database) throws {
        let statement = try db.cachedStatement(sql: updating)
        let values =
            number.content.storedValues + [.integer(number.version), .integer(number.id)]
        try refusingDuplicates(of: number.content.value, in: db) {
            try statement.execute(values)
        }
    }

    /// Runs `write` and says which number is in the way where the database finds one.
    private static func refusingDuplicates(
        of value: PhoneNumber, in db: Database, _ write: () throws -> Void
    ) throws {
        do {
            try write()
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
        {
            // What is UNIQUE are the digits, and the value, which is the digits with blanks
            // between.
            let statement = try db.cachedStatement(sql: selectByDigits)
            guard let other = try DIDNumber.fetchOne(statement, [.text(value.digits)]) else {
                throw error
            }
            throw InventoryError.numberExists(id: other.id, value: other.content.value)
        }
    }
}
