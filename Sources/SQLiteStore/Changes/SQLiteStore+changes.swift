package import Foundation
package import Inventory
internal import Storage

extension SQLiteStore {
    package func listChanges(_ query: ChangeQuery) async throws -> Page<Change> {
        try await read { db in
            try query.paging.page(of: query.count(in: db)) { try query.changes(in: $0, of: db) }
        }
    }

    package func change(_ id: Int64) async throws -> Change {
        try await read { db in try db.existingChange(id) }
    }

    package func changedNumbers(
        ofChange id: Int64, _ paging: Paging
    ) async throws -> Page<ChangedNumber> {
        try await read { db in
            let change = try db.existingChange(id)
            return try paging.page(of: change.count) { range in
                try db.rows(
                    """
                    SELECT \(ChangedNumber.columns.names) FROM change_number WHERE change = ?
                    ORDER BY number \(range.isFromEnd ? "DESC" : "ASC") LIMIT ? OFFSET ?
                    """, [.integer(id)] + range.place, as: ChangedNumber.init(from:))
            }
        }
    }

    package func history(
        ofNumber id: Int64, _ paging: Paging
    ) async throws -> Page<HistoryEntry> {
        try await read { db in
            let total = try db.count(
                "SELECT count(*) FROM change_number WHERE number = ?", [.integer(id)])
            if total == 0 { _ = try db.number(id) }
            return try paging.page(of: total) { range in
                try db.rows(
                    """
                    SELECT \(Change.columns), \(ChangedNumber.columns.names)
                    FROM change_number JOIN change ON change.id = change_number.change
                    WHERE change_number.number = ?
                    ORDER BY change_number.change \(range.isFromEnd ? "ASC" : "DESC")
                    LIMIT ? OFFSET ?
                    """, [.integer(id)] + range.place
                ) { row in
                    HistoryEntry(
                        change: try Change(row: &row), number: try ChangedNumber(from: &row))
                }
            }
        }
    }

    package func undoChange(
        _ id: Int64, by author: Author, once request: IdempotentRequest<Change>?
    ) async throws -> Change {
        try await write(isAlone: true) { db in
            try db.perform(request) { try db.undo(id, by: author) }
        }
    }

    package func preview(_ bulk: BulkChange) async throws -> BulkPreview {
        try await read { db in try BulkPlan(bulk, on: db).preview }
    }

    package func changeNumbers(
        _ bulk: BulkChange, by author: Author, once request: IdempotentRequest<BulkOutcome>?,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> BulkOutcome {
        try await write(isAlone: true) { db in
            try db.perform(request) { try db.apply(bulk, by: author, if: isExpected) }
        }
    }

    package func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author,
        once request: IdempotentRequest<ImportReport>?, _ rows: StagedRows
    ) async throws -> ImportReport {
        try await withCancellation { cancellation in
            guard !isDryRun else {
                return try await readForLong { db in
                    try db.previewImport(mode, rows, cancellation)
                }
            }
            do {
                return try await write(isAlone: true, unless: cancellation) { db in
                    try db.perform(request) {
                        try db.importNumbers(mode, by: author, rows, cancellation)
                    }
                }
            } catch let nothing as NothingImported {
                return nothing.report
            }
        }
    }

    package func countChanges(before date: Date) async throws -> Int {
        try await read { db in
            try db.count(
                "SELECT count(*) FROM change" + Self.isOlder, [.integer(date.wholeMilliseconds)])
        }
    }

    package func pruneChanges(before date: Date) async throws -> Int {
        try await write { db in
            let oldest = try db.rows(
                "SELECT id, count FROM change\(Self.isOlder) ORDER BY id LIMIT ?",
                [.integer(date.wholeMilliseconds), .integer(Int64(Pruning.mostChanges))]
            ) { row in (id: try row.integer(), count: try row.count()) }
            guard let step = Pruning(oldest) else { return 0 }
            for (table, id) in [("change_number", "change"), ("change", "id")] {
                try db.execute("DELETE FROM \(table) WHERE \(id) <= ?", [.integer(step.lastID)])
            }
            return step.count
        }
    }

    /// Pruning removes all changes before the first recent one, although clocks may go back. So each number keeps the
    /// end of its history.
    private static let isOlder = """
         WHERE id < coalesce(
            (SELECT min(id) FROM change WHERE at >= ?), (SELECT max(id) + 1 FROM change))
        """
}
