package import Foundation
internal import GRDB
package import Inventory
package import Storage

extension SQLiteStore {
    package func listChanges(_ query: ChangeQuery) async throws -> Page<Change> {
        try await read { db in
            try query.paging.page(of: query.count(in: db)) { try query.changes(in: $0, of: db) }
        }
    }

    package func change(_ id: Int64) async throws -> Change {
        try await read { db in try Self.change(id, in: db) }
    }

    package func changedNumbers(
        ofChange id: Int64, _ paging: Paging
    ) async throws -> Page<ChangedNumber> {
        try await read { db in
            let change = try Self.change(id, in: db)
            return try paging.page(of: change.count) { range in
                let statement = try db.cachedStatement(
                    sql: """
                        SELECT \(ChangedNumber.columns.names) FROM change_number WHERE change = ?
                        ORDER BY number \(range.isFromEnd ? "DESC" : "ASC") LIMIT ? OFFSET ?
                        """)
                return try ChangedNumber.fetchAll(statement, [.integer(id)] + range.place)
            }
        }
    }

    package func history(
        ofNumber id: Int64, _ paging: Paging
    ) async throws -> Page<HistoryEntry> {
        try await read { db in
            let counting = try db.cachedStatement(
                sql: "SELECT count(*) FROM change_number WHERE number = ?")
            let total = Int(try Int64.fetchOne(counting, [.integer(id)]) ?? 0)
            if total == 0 { _ = try Self.number(id, in: db) }
            return try paging.page(of: total) { range in
                let statement = try db.cachedStatement(
                    sql: """
                        SELECT \(Change.selection), \(ChangedNumber.columns.names)
                        FROM change_number JOIN change ON change.id = change_number.change
                        WHERE change_number.number = ?
                        ORDER BY change_number.change \(range.isFromEnd ? "ASC" : "DESC")
                        LIMIT ? OFFSET ?
                        """)
                return try HistoryEntry.fetchAll(statement, [.integer(id)] + range.place)
            }
        }
    }

    package func undoChange(
        _ id: Int64, by author: Author, once request: IdempotentRequest<Change>?
    ) async throws -> Change {
        try await writeAlone { db in
            try db.perform(request) { try SQLiteChangeTransaction(db: db).undo(id, by: author) }
        }
    }

    package func preview(_ bulk: BulkChange) async throws -> BulkPreview {
        try await read { db in
            try BulkPlan(bulk, on: SQLiteChangeTransaction(db: db)).preview
        }
    }

    package func changeNumbers(
        _ bulk: BulkChange, by author: Author, once request: IdempotentRequest<BulkOutcome>?,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> BulkOutcome {
        try await writeAlone { db in
            try db.perform(request) {
                try SQLiteChangeTransaction(db: db).apply(bulk, by: author, if: isExpected)
            }
        }
    }

    package func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author,
        once request: IdempotentRequest<ImportReport>?, _ rows: StagedRows
    ) async throws -> ImportReport {
        try await withCancellation { cancellation in
            guard !isDryRun else {
                return try await readForLong { db in
                    try SQLiteChangeTransaction(db: db).previewImport(mode, rows, cancellation)
                }
            }
            do {
                return try await write(isAlone: true, unless: cancellation) { db in
                    try db.interrupting(by: cancellation) {
                        try db.perform(request) {
                            try SQLiteChangeTransaction(db: db)
                                .importNumbers(mode, by: author, rows, cancellation)
                        }
                    }
                }
            } catch let nothing as NothingImported {
                return nothing.report
            }
        }
    }

    package func countChanges(before date: Date) async throws -> Int {
        try await read { db in
            let sql = "SELECT count(*) FROM change" + Self.isOlder
            return try Int.fetchOne(db, sql: sql, arguments: [date.wholeMilliseconds]) ?? 0
        }
    }

    package func pruneChanges(before date: Date) async throws -> Int {
        try await write { db in
            let oldest = try Row.fetchAll(
                db,
                sql: "SELECT id, count FROM change\(Self.isOlder) ORDER BY id LIMIT ?",
                arguments: [date.wholeMilliseconds, Pruning.mostChanges]
            ).map { (id: $0[0] as Int64, count: $0[1] as Int) }
            guard let step = Pruning(oldest) else { return 0 }
            try db.execute(
                sql: "DELETE FROM change_number WHERE change <= ?", arguments: [step.lastID])
            try db.execute(sql: "DELETE FROM change WHERE id <= ?", arguments: [step.lastID])
            return step.count
        }
    }

    /// Clocks may go back: what is forgotten are all changes before one, so that none stays whose
    /// numbers were changed by one that is forgotten.
    private static let isOlder = """
         WHERE id < coalesce(
            (SELECT min(id) FROM change WHERE at >= ?), (SELECT max(id) + 1 FROM change))
        """

    private static func change(_ id: Int64, in db: Database) throws -> Change {
        let target = SQLiteChangeTransaction(db: db)
        guard let change = try target.change(id) else {
            throw InventoryError.noSuchChange(id: id, oldest: try target.oldestChange())
        }
        return change
    }
}
