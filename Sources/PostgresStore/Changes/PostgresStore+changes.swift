package import Foundation
package import Inventory
package import Storage

extension PostgresStore {
    package func listChanges(_ query: ChangeQuery) async throws -> Page<Change> {
        try await transaction(.snapshot) { connection in
            try query.paging.page(of: query.count(in: connection)) {
                try query.changes(in: $0, of: connection)
            }
        }
    }

    package func change(_ id: Int64) async throws -> Change {
        try await transaction(.snapshot) { try Self.change(id, in: $0) }
    }

    package func changedNumbers(
        ofChange id: Int64, _ paging: Paging
    ) async throws -> Page<ChangedNumber> {
        try await transaction(.snapshot) { connection in
            try paging.page(of: Self.change(id, in: connection).count) { range in
                try connection.query(
                    """
                    SELECT \(ChangedNumber.columns.names) FROM change_number WHERE change = $1
                    ORDER BY number \(range.isFromEnd ? "DESC" : "ASC")
                    LIMIT $2::bigint OFFSET $3::bigint
                    """, [String(id), String(range.limit), String(range.skipped)]
                ).map(ChangedNumber.init(row:))
            }
        }
    }

    package func history(
        ofNumber id: Int64, _ paging: Paging
    ) async throws -> Page<HistoryEntry> {
        try await transaction(.snapshot) { connection in
            let total = try connection.query(
                "SELECT count(*) FROM change_number WHERE number = $1", [String(id)]
            ).first { Int(try $0.integer(0)) }
            if total == 0 { _ = try Self.number(id, in: connection) }
            return try paging.page(of: total ?? 0) { range in
                try connection.query(
                    """
                    SELECT \(Change.selection), \(ChangedNumber.columns.names)
                    FROM change_number JOIN change ON change.id = change_number.change
                    WHERE change_number.number = $1
                    ORDER BY change_number.change \(range.isFromEnd ? "ASC" : "DESC")
                    LIMIT $2::bigint OFFSET $3::bigint
                    """, [String(id), String(range.limit), String(range.skipped)]
                ).map(HistoryEntry.init(row:))
            }
        }
    }

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
                            .previewImport(mode, rows, cancellation)
                    }
                }
            }
            do {
                return try await changingNumbers(once: request, unless: cancellation) {
                    try $0.importNumbers(mode, by: author, rows, cancellation)
                }
            } catch let nothing as NothingImported {
                return nothing.report
            }
        }
    }

    /// Does `body` in a transaction that may take long.
    ///
    /// It locks the numbers that it changes, and takes the id of its change after that: so the changes
    /// of a number are in the order of their ids. Other numbers may be changed meanwhile. A conflict
    /// with a phone number or an undo that was written meanwhile starts it again.
    private func changingNumbers<Value: Sendable>(
        operation: String = #function, once request: IdempotentRequest<Value>?,
        unless cancellation: Cancellation = Cancellation(),
        _ body: @escaping @Sendable (PostgresChangeTransaction) throws -> Value
    ) async throws -> Value {
        try await transaction(.lockingForLong, operation: operation) { connection in
            try connection.cancelled(by: cancellation) {
                try connection.perform(request) {
                    try connection.execute(
                        "SET LOCAL statement_timeout = 0; SET LOCAL carrier.change = 'large'")
                    return try body(PostgresChangeTransaction(connection: connection))
                }
            }
        }
    }
}

extension PostgresStore {
    package func countChanges(before date: Date) async throws -> Int {
        try await transaction(.none) { connection in
            let count = try connection.query(
                "SELECT count(*) FROM change" + Self.isOlder, [String(date.wholeMilliseconds)]
            ).first { Int(try $0.integer(0)) }
            return count ?? 0
        }
    }

    package func pruneChanges(before date: Date) async throws -> Int {
        try await transaction(.lockingForLong) { connection in
            try connection.execute(
                "SET LOCAL statement_timeout = 0; " + PostgresChangeTransaction.usingIndexes)
            let oldest = try connection.query(
                "SELECT id, count FROM change\(Self.isOlder) ORDER BY id LIMIT $2::bigint",
                [String(date.wholeMilliseconds), String(Pruning.mostChanges)]
            ).map { (id: try $0.integer(0), count: Int(try $0.integer(1))) }
            guard let step = Pruning(oldest) else { return 0 }
            // In this order: whoever takes one of them back holds its row until that is done.
            for table in ["change WHERE id", "change_number WHERE change"] {
                try connection.query(
                    "DELETE FROM \(table) <= $1", [String(step.lastID)], timeout: nil)
            }
            return step.count
        }
    }

    /// Clocks may go back: what is forgotten are all changes before one, so that none stays whose
    /// numbers were changed by one that is forgotten.
    private static let isOlder = """
         WHERE id < coalesce(
            (SELECT min(id) FROM change WHERE at >= $1), (SELECT max(id) + 1 FROM change))
        """

    private static func change(_ id: Int64, in connection: Connection) throws -> Change {
        guard let change = try PostgresChangeTransaction.change(id, in: connection) else {
            throw InventoryError.noSuchChange(
                id: id, oldest: try PostgresChangeTransaction(connection: connection).oldestChange()
            )
        }
        return change
    }
}
