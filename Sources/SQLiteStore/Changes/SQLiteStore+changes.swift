package import Foundation
package import Inventory
internal import Storage

extension SQLiteStore {
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
                    try db.importNumbers(mode, isDryRun: true, by: author, rows, cancellation)
                }
            }
            do {
                return try await write(isAlone: true, unless: cancellation) { db in
                    try db.perform(request) {
                        try db.importNumbers(mode, isDryRun: false, by: author, rows, cancellation)
                    }
                }
            } catch let nothing as NothingImported {
                return nothing.report
            }
        }
    }

    package func pruneChanges(before date: Date) async throws -> Int {
        try await write { db in
            let oldest = try db.rows(
                "SELECT id, count FROM change\(Change.isOlder) ORDER BY id LIMIT $2",
                [.integer(date.wholeMilliseconds), .integer(Int64(Pruning.mostChanges))]
            ) { row in (id: try row.integer(), count: Int(try row.integer())) }
            guard let step = Pruning(oldest) else { return 0 }
            for (table, id) in [("change_number", "change"), ("change", "id")] {
                try db.execute("DELETE FROM \(table) WHERE \(id) <= ?", [.integer(step.lastID)])
            }
            return step.count
        }
    }
}
