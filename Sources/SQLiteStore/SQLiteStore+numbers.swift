internal import GRDB
package import Inventory

extension SQLiteStore {
    package func listNumbers(_ query: NumberQuery) async throws -> NumberPage {
        try await read { db in
            let total = try query.count(db)
            guard query.offset < total else { return NumberPage(numbers: [], total: total) }
            return NumberPage(numbers: try query.numbers(of: total, in: db), total: total)
        }
    }

    package func number(_ id: Int64) async throws -> DIDNumber {
        try await read { db in try Self.number(id, in: db) }
    }

    package func createNumber(_ draft: NumberDraft) async throws -> DIDNumber {
        try await write { db in try Self.insert(draft, into: db) }
    }

    package func createNumbers(_ drafts: [NumberDraft], onlyIfEmpty: Bool) async throws -> Int {
        try await write { db in
            let before = try NumberQuery().count(db)
            if onlyIfEmpty, before > 0 { throw InventoryError.notEmpty(count: before) }
            for draft in drafts {
                do {
                    _ = try Self.insert(draft, into: db)
                } catch InventoryError.numberExists {
                    continue
                }
            }
            return try NumberQuery().count(db) - before
        }
    }

    package func updateNumber(
        _ id: Int64, if condition: VersionCondition,
        _ change: @escaping @Sendable (inout DIDNumber) throws -> Void
    ) async throws -> DIDNumber {
        try await write { db in
            let current = try Self.number(id, in: db, if: condition)
            var changed = current
            try change(&changed)
            guard !changed.hasSameContent(as: current) else { return current }
            let next = changed.nextVersion
            try Self.refusingDuplicates(of: next.value, in: db) { try next.update(db) }
            return next
        }
    }

    package func deleteNumber(
        _ id: Int64, if condition: VersionCondition
    ) async throws -> DIDNumber {
        try await write { db in
            let number = try Self.number(id, in: db, if: condition)
            try DIDNumber.deleteOne(db, key: id)
            return number
        }
    }

    package func state() async throws -> InventoryState? {
        try await readAtOnceOrWait { _, version in version.map(InventoryState.init(version:)) }
    }

    package func checkReadiness() async throws {
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

    private static func number(
        _ id: Int64, in db: Database, if condition: VersionCondition = .always
    ) throws -> DIDNumber {
        guard let number = try DIDNumber.fetchOne(db, key: id) else {
            throw InventoryError.noSuchNumber(id: id)
        }
        guard condition.holds(for: number.version) else {
            throw InventoryError.versionConflict(current: number)
        }
        return number
    }

    private static func insert(_ draft: NumberDraft, into db: Database) throws -> DIDNumber {
        try refusingDuplicates(of: draft.value, in: db) { try draft.insert(db) }
        return DIDNumber(id: db.lastInsertedRowID, draft)
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
            let holder = DIDNumber.filter(NumberTable.digits == value.digits)
            guard let other = try holder.fetchOne(db) else { throw error }
            throw InventoryError.numberExists(id: other.id, value: other.value)
        }
    }
}

extension InventoryState {
    /// - Parameter version: What SQLite calls the state of the database.
    init(version: Int64) {
        self.init(String(version))
    }
}
