package import Foundation

/// The history of the numbers, and the operations that depend on it. Each method is one
/// transaction. It also throws the errors of ``NumberStore``. Methods with an ``IdempotentRequest``
/// throw the errors of ``IdempotentRequest/perform(in:_:)``, and methods with a change's id
/// ``InventoryError/noSuchChange(id:oldest:)``.
package protocol ChangeStore: Sendable {
    func listChanges(_ query: ChangeQuery) async throws -> Page<Change>

    func change(_ id: Int64) async throws -> Change

    /// A page of the numbers of a change, by id.
    func changedNumbers(ofChange id: Int64, _ paging: Paging) async throws -> Page<ChangedNumber>

    /// A number's changes, newest first, also if the number is deleted. The list is empty if the
    /// history begins after the number's last change.
    ///
    /// - Throws: ``InventoryError/noSuchNumber(id:)`` if there is neither a number nor a history.
    func history(ofNumber id: Int64, _ paging: Paging) async throws -> Page<HistoryEntry>

    /// Restores the content that each number of a change had before it. To redo a change, undo its
    /// undo.
    ///
    /// - Throws: ``InventoryError/alreadyUndone(id:by:)`` and ``InventoryError/cannotUndo(id:_:)``.
    func undoChange(
        _ id: Int64, by author: Author, once request: IdempotentRequest<Change>?
    ) async throws -> Change

    /// - Throws: ``InventoryError/invalid(_:)`` if `bulk` selects no numbers, or more than
    ///   ``Selection/most``.
    func preview(_ bulk: BulkChange) async throws -> BulkPreview

    /// - Parameter isExpected: Whether the client accepts the preview with this tag.
    /// - Throws: ``InventoryError/previewOutdated(_:)`` if the preview is not expected,
    ///   ``InventoryError/invalid(_:)`` if `bulk` selects no numbers or too many, and
    ///   ``InventoryError/cannotChange(_:)`` if the preview has errors.
    func changeNumbers(
        _ bulk: BulkChange, by author: Author, once request: IdempotentRequest<BulkOutcome>?,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> BulkOutcome

    /// Imports all rows, or none if one has an error, which the report lists. Readers continue.
    /// Writers of the same numbers (on SQLite, all writers) wait up to five seconds, then fail as
    /// unavailable. A dry run blocks no writer, and uses a snapshot.
    ///
    /// - Parameter isDryRun: Whether to return only the report; then `request` is ignored.
    /// - Throws: `CancellationError` within a second if the task is cancelled; then nothing
    ///   changes.
    func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author,
        once request: IdempotentRequest<ImportReport>?, _ rows: StagedRows
    ) async throws -> ImportReport

    /// The number of changes before the first one at `date` or later.
    func countChanges(before date: Date) async throws -> Int

    /// Deletes a small batch of the oldest changes before `date`, and returns its size.
    func pruneChanges(before date: Date) async throws -> Int
}
