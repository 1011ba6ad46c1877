internal import Foundation
package import Inventory

extension Author {
    /// Whose changes they are in tests that ask for no author.
    package static let tester = Author(
        username: "tester", at: Date(timeIntervalSince1970: 1_800_000_000))
}

/// Requests without a key.
extension NumberStore {
    package func createNumber(
        _ content: NumberContent, by author: Author
    ) async throws -> RecordedNumber {
        try await createNumber(content, by: author, once: nil)
    }
}

extension ChangeStore {
    package func undoChange(_ id: Int64, by author: Author) async throws -> Change {
        try await undoChange(id, by: author, once: nil)
    }

    package func changeNumbers(
        _ bulk: BulkChange, by author: Author,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> BulkOutcome {
        try await changeNumbers(bulk, by: author, once: nil, if: isExpected)
    }

    package func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author, _ rows: StagedRows
    ) async throws -> ImportReport {
        try await importNumbers(mode, isDryRun: isDryRun, by: author, once: nil, rows)
    }
}

/// Writing by the tester, for tests that need no change.
extension NumberStore {
    @discardableResult
    package func createNumber(_ content: NumberContent) async throws -> DIDNumber {
        try await createNumber(content, by: .tester, once: nil).number
    }

    @discardableResult
    package func updateNumber(
        _ id: Int64, if condition: VersionCondition,
        _ change: @escaping @Sendable (inout NumberContent) throws -> Void
    ) async throws -> DIDNumber {
        try await updateNumber(id, if: condition, by: .tester, change).number
    }

    @discardableResult
    package func deleteNumber(
        _ id: Int64, if condition: VersionCondition
    ) async throws -> DIDNumber {
        try await deleteNumber(id, if: condition, by: .tester).number
    }
}
