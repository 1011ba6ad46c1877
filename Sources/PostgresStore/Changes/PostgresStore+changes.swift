package import Foundation
package import Inventory
internal import Storage

extension PostgresStore {
    package func undoChange(
        _ id: Int64, by author: Author, once request: IdempotentRequest<Change>?
    ) async throws -> Change {
        try await changingNumbers(once: request) { try $0.undo(id, by: author) }
    }

    package func preview(_ bulk: BulkChange) async throws -> BulkPreview {
        try await transaction(.snapshot) { connection in
            try BulkPlan(
                bulk, on: PostgresChangeTransaction(connection: connection, isLocking: false)
            ).preview
        }
    }

    package func changeNumbers(
        _ bulk: BulkChange, by author: Author, once request: IdempotentRequest<BulkOutcome>?,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> BulkOutcome {
        try await changingNumbers(once: request) {
            try $0.apply(bulk, by: author, if: isExpected)
        }
    }

    package func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author,
        once request: IdempotentRequest<ImportReport>?, _ rows: StagedRows
    ) async throws -> ImportReport {
        try await withCancellation { cancellation in
            guard !isDryRun else {
                return try await transaction(.snapshot) { connection in
                    try connection.cancelled(by: cancellation) {
                        try PostgresChangeTransaction(connection: connection, isLocking: false)
                            .importNumbers(mode, isDryRun: true, by: author, rows, cancellation)
                    }
                }
            }
            do {
                return try await changingNumbers(once: request, unless: cancellation) {
                    try $0.importNumbers(mode, isDryRun: false, by: author, rows, cancellation)
                }
            } catch let nothing as NothingImported {
                return nothing.report
            }
        }
    }

    /// Calls `body` in a transaction that may take long.
    ///
    /// It locks the numbers that it changes, and then takes the id of its change. So the changes of
    /// a number are in the order of their ids, and other numbers may change meanwhile. If a new
    /// phone number or undo conflicts, the transaction is retried.
    private func changingNumbers<Value: Sendable>(
        operation: String = #function, once request: IdempotentRequest<Value>?,
        unless cancellation: Cancellation = Cancellation(),
        _ body: @escaping @Sendable (PostgresChangeTransaction) throws -> Value
    ) async throws -> Value {
        try await transaction(.lockingForLong, operation: operation) { connection in
            try connection.cancelled(by: cancellation) {
                try connection.perform(request) {
                    try connection.execute("SET LOCAL carrier.change = 'large'")
                    try connection.liftTimeout()
                    return try body(
                        PostgresChangeTransaction(
                            connection: connection, defersIndexes: defersIndexes))
                }
            }
        }
    }

    package func pruneChanges(before date: Date) async throws -> Int {
        try await transaction(.lockingForLong) { connection in
            try connection.liftTimeout()
            try connection.execute(PostgresChangeTransaction.usingIndexes)
            let oldest = try connection.rows(
                "SELECT id, count FROM change\(Change.isOlder) ORDER BY id LIMIT $2",
                [.integer(date.wholeMilliseconds), .integer(Int64(Pruning.mostChanges))]
            ) { (id: try $0.integer(), count: Int(try $0.integer())) }
            guard let step = Pruning(oldest) else { return 0 }
            // In this order: an undo locks the row of its change until it ends.
            for table in ["change WHERE id", "change_number WHERE change"] {
                try connection.query("DELETE FROM \(table) <= $1", [String(step.lastID)])
            }
            return step.count
        }
    }
}
