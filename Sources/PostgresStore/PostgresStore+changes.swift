package import Foundation
package import Inventory

extension PostgresStore {
    package func listChanges(_ query: ChangeQuery) async throws -> Page<Change> {
        fatalError("not yet")
    }
    package func change(_ id: Int64) async throws -> Change { fatalError("not yet") }
    package func changedNumbers(
        ofChange id: Int64, _ paging: Paging
    ) async throws -> Page<ChangedNumber> { fatalError("not yet") }
    package func history(ofNumber id: Int64, _ paging: Paging) async throws -> Page<HistoryEntry> {
        fatalError("not yet")
    }
    package func undoChange(_ id: Int64, by author: Author) async throws -> Change {
        fatalError("not yet")
    }
    package func preview(_ bulk: BulkChange) async throws -> BulkPreview { fatalError("not yet") }
    package func changeNumbers(
        _ bulk: BulkChange, by author: Author,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> Change? { fatalError("not yet") }
    package func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author,
        _ next: @escaping @Sendable () throws -> [ImportRow]
    ) async throws -> ImportReport { fatalError("not yet") }
    package func countChanges(before date: Date) async throws -> Int { fatalError("not yet") }
    package func pruneChanges(before date: Date) async throws -> Int { fatalError("not yet") }
}
