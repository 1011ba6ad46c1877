package import Inventory
internal import Storage
internal import Threads

extension SQLiteStore {
    /// How many numbers an export reads at once.
    private static let exportBatchSize = 1000

    package func listNumbers(_ query: NumberQuery) async throws -> Page<DIDNumber> {
        try await read { db in try db.page(query) }
    }

    package func listCurrencies() async throws -> [CurrencyCount] {
        try await read { db in
            try db.rows(
                """
                SELECT currency, count FROM number_count WHERE count > 0
                ORDER BY count DESC, currency LIMIT ?
                """, [.integer(Int64(Currency.mostListed))]
            ) { row in
                CurrencyCount(
                    currency: Currency(storedSymbol: try row.text()), count: try row.count())
            }
        }
    }

    package func exportNumbers(
        _ query: NumberQuery, firstWithin: Duration?, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        do {
            try file?.check()
            let deadline = firstWithin.map { ContinuousClock.now + $0 }
            var hasBegun = false
            try longReadConnection().read { db in
                try db.interrupting(if: { !hasBegun && deadline.map { $0 <= .now } == true }) {
                    try query.forEachBatch(in: db, size: Self.exportBatchSize) { numbers in
                        hasBegun = true
                        try body(numbers)
                    }
                }
            }
        } catch {
            throw forClients(error)
        }
    }

    package func number(_ id: Int64) async throws -> DIDNumber {
        try await read { db in try db.number(id) }
    }

    package func createNumber(
        _ content: NumberContent, by author: Author,
        once request: IdempotentRequest<RecordedNumber>?
    ) async throws -> RecordedNumber {
        try await write { db in
            try db.perform(request) {
                let number = try db.insert(content)
                let change = try db.record(.created(number), as: .create, by: author)
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
                    _ = try db.insert(content)
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
            let current = try db.number(id)
            guard let next = try current.changed(if: condition, by: change) else {
                return RecordedNumber(number: current, change: nil)
            }
            try db.update(next)
            let id = try db.record(.changed(current, to: next.content), as: .change, by: author)
            return RecordedNumber(number: next, change: id)
        }
    }

    package func deleteNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author
    ) async throws -> RecordedNumber {
        try await write { db in
            let number = try db.number(id)
            try condition.check(number)
            try db.execute("DELETE FROM number WHERE id = ?", [.integer(id)])
            let change = try db.record(.deleted(number), as: .delete, by: author)
            return RecordedNumber(number: number, change: change)
        }
    }

    package func state() async throws -> StoreStateToken? {
        try lookUp { _, version in version.map { StoreStateToken(String($0)) } } ?? nil
    }

    package func checkReadiness() async throws {
        try await checkReads()
        try await probe.check {
            // The log of a failed large change may fill the disk. So fold it before the write, which ends the probing
            // if it succeeds.
            try await readers.run(before: .now + Self.waitTimeout) { try foldLog() }
            try await StoreMetrics.$countsFailures.withValue(false) {
                try await write(Self.writePage)
            }
        }
        try await read { _ in try file?.checkSpace() }
    }

    package func checkReads() async throws {
        do {
            try await read { db in
                for table in Schema.tables { _ = try db.count("SELECT 1 FROM \(table) LIMIT 1") }
            }
        } catch let error as SQLiteError {
            throw InventoryError.unavailable(reason: error)
        }
    }
}

extension DIDNumber {
    static let columnNames = columns.names
}

extension SQLiteConnection {
    static let selectNumberByID = "SELECT \(DIDNumber.columnNames) FROM number WHERE id = ?"
    static let selectNumberByDigits =
        "SELECT \(DIDNumber.columnNames) FROM number WHERE digits = ?"

    private static let insertNumber = """
        INSERT INTO number (\(NumberContent.columns.names)) \
        VALUES (\(NumberContent.columns.parameters))
        """

    private static let updateNumber = {
        let columns = NumberContent.columns + [.integer("version")]
        return "UPDATE number SET (\(columns.names)) = (\(columns.parameters)) WHERE id = ?"
    }()

    func number(_ id: Int64) throws -> DIDNumber {
        let number = try row(Self.selectNumberByID, [.integer(id)], as: DIDNumber.init(from:))
        guard let number else { throw InventoryError.noSuchNumber(id: id) }
        return number
    }

    fileprivate func insert(_ content: NumberContent) throws -> DIDNumber {
        try mappingDuplicates(of: content.value) {
            try execute(Self.insertNumber, content.storedValues)
        }
        return DIDNumber(id: lastInsertedID, content: content)
    }

    fileprivate func update(_ number: DIDNumber) throws {
        try mappingDuplicates(of: number.content.value) {
            try execute(
                Self.updateNumber,
                number.content.storedValues + [.integer(number.version), .integer(number.id)])
        }
    }

    /// - Throws: ``InventoryError/numberExists(id:value:)`` if `write` would store `value` again.
    private func mappingDuplicates(of value: PhoneNumber, _ write: () throws -> Void) throws {
        do {
            try write()
        } catch let error as SQLiteError where error.isUniqueViolation {
            let other = try row(
                Self.selectNumberByDigits, [.text(value.digits)], as: DIDNumber.init(from:))
            guard let other else { throw error }
            throw InventoryError.numberExists(id: other.id, value: other.content.value)
        }
    }

    /// Records a change of one number, and returns its id.
    fileprivate func record(
        _ number: ChangedNumber, as kind: Change.Kind, by author: Author
    ) throws -> Int64 {
        let record = Change(id: try newChangeID(), author: author, kind: kind, count: 1)
        try insert(record)
        try insert([ChangeEntry(change: record.id, number: number)])
        return record.id
    }
}
