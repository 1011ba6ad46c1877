package import Foundation

/// Where the history of the numbers is kept, and what goes through it: changing many at once, taking
/// in files, and taking changes back.
///
/// Each method is one transaction: all of it happens, or nothing. What it throws beside the errors
/// named here is what a ``NumberStore`` throws. With an ``IdempotentRequest`` a method also throws what
/// ``IdempotentRequest/perform(in:_:)`` does.
package protocol ChangeStore: Sendable {
    /// The changes of one page, newest first; an empty page past the last.
    func listChanges(_ query: ChangeQuery) async throws -> Page<Change>

    /// - Throws: ``InventoryError/noSuchChange(id:oldest:)``.
    func change(_ id: Int64) async throws -> Change

    /// What a change did to its numbers, in the order of their ids.
    ///
    /// - Throws: ``InventoryError/noSuchChange(id:oldest:)``.
    func changedNumbers(ofChange id: Int64, _ paging: Paging) async throws -> Page<ChangedNumber>

    /// What happened to a number, newest first, also where it was deleted; nothing where it is older
    /// than the history.
    ///
    /// - Throws: ``InventoryError/noSuchNumber(id:)`` where it neither is there nor has a history.
    func history(ofNumber id: Int64, _ paging: Paging) async throws -> Page<HistoryEntry>

    /// Takes a change back: each of its numbers becomes what it was before. Taking that back is doing
    /// it again.
    ///
    /// - Throws: ``InventoryError/noSuchChange(id:oldest:)``,
    ///   ``InventoryError/alreadyUndone(id:by:)`` and ``InventoryError/cannotUndo(id:_:)``.
    func undoChange(
        _ id: Int64, by author: Author, once request: IdempotentRequest<Change>?
    ) async throws -> Change

    /// What `bulk` would do to the inventory as it is.
    ///
    /// - Throws: ``InventoryError/invalid(_:)`` where it selects no numbers, or more than
    ///   ``Selection/most``.
    func preview(_ bulk: BulkChange) async throws -> BulkPreview

    /// Changes many numbers at once.
    ///
    /// - Parameter isExpected: Is given the tag of the preview of what is about to be done, and
    ///   returns false where the client wants none of it.
    /// - Throws: ``InventoryError/previewOutdated(_:)`` where that returns false,
    ///   ``InventoryError/invalid(_:)`` where it selects no numbers or too many, and
    ///   ``InventoryError/cannotChange(_:)`` where the preview has errors.
    func changeNumbers(
        _ bulk: BulkChange, by author: Author, once request: IdempotentRequest<BulkOutcome>?,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> BulkOutcome

    /// Imports all rows, or none if one has an error. The report lists the errors.
    ///
    /// Readers continue meanwhile. A writer of the same numbers waits, on SQLite every writer; after five
    /// seconds its request fails, because the inventory is unavailable. A dry run blocks no writer, and reads the inventory as it was when the
    /// dry run began.
    ///
    /// - Parameter isDryRun: Whether to return only the report; then `request` is ignored.
    /// - Throws: `CancellationError` within a second if the task is cancelled; then nothing is done.
    func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author,
        once request: IdempotentRequest<ImportReport>?, _ rows: StagedRows
    ) async throws -> ImportReport

    /// How many changes are older than the first that was made at `date` or later.
    func countChanges(before date: Date) async throws -> Int

    /// Forgets the oldest of those, some at a time so that nobody waits for long, and returns how many;
    /// 0 where none is left.
    func pruneChanges(before date: Date) async throws -> Int
}
