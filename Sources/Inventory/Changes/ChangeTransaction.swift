/// A transaction that changes numbers. The rules are here; a store implements the SQL. A change of
/// many numbers is recorded first, number by number, and then applied as recorded. So undo, bulk
/// changes and imports share one path, and memory does not grow with the numbers.
package protocol ChangeTransaction {
    /// Finds numbers, in any order. This and the next two methods lock the numbers that they return
    /// until the transaction ends.
    func numbers(withIDs ids: [Int64]) throws -> [DIDNumber]
    func numbers(withDigits digits: [String]) throws -> [DIDNumber]
    func page(_ query: NumberQuery) throws -> Page<DIDNumber>

    func change(_ id: Int64) throws -> Change?
    /// Nil if the history is empty.
    func oldestChange() throws -> Int64?
    /// The last undo or redo in the chain that began with the change `origin`.
    func lastUndo(of origin: Int64) throws -> Change?

    /// A change id that is greater than those of all earlier changes of the numbers found so far.
    func newChangeID() throws -> Int64
    /// Ascending ids, greater than all ids ever assigned.
    func newNumberIDs(_ count: Int) throws -> [Int64]

    func insert(_ change: Change) throws
    /// Stores the numbers of a change that has no id yet, until ``insertStaged(in:)`` records them.
    func stage(_ numbers: [ChangedNumber]) throws
    func insertStaged(in change: Int64) throws
    /// Adds entries to the change `reversal` that restore the members that `change` changed.
    func noteReversal(of change: Int64, in reversal: Int64) throws

    /// Locks the numbers of `change`, and returns those of which a member that `change` changed is
    /// no longer its result.
    func movedNumbers(since change: Int64) throws -> UndoConflicts
    /// The numbers that would get a phone number that another number has, if `change` were applied.
    func takenNumbers(in change: Int64) throws -> UndoConflicts

    /// Applies the recorded `change`. Numbers may exchange their phone numbers.
    func perform(_ change: Int64) throws
}

extension ChangeTransaction {
    /// Implements ``ChangeStore/undoChange(_:by:once:)``.
    package func undo(_ id: Int64, by author: Author) throws -> Change {
        guard let change = try change(id) else {
            throw InventoryError.noSuchChange(id: id, oldest: try oldestChange())
        }
        if let other = change.undoneBy { throw InventoryError.alreadyUndone(id: id, by: other) }
        let origin = change.origin ?? id
        // If the change was undone and redone, the redo is the current result.
        let lastUndo = try lastUndo(of: origin)
        let current = lastUndo ?? change
        try movedNumbers(since: current.id).check(id)
        let undo = Change(
            id: try newChangeID(), author: author, kind: .undo, count: current.count,
            undoes: id, origin: origin, sequence: (lastUndo?.sequence ?? 0) + 1)
        try insert(undo)
        try noteReversal(of: current.id, in: undo.id)
        try takenNumbers(in: undo.id).check(id)
        try perform(undo.id)
        return undo
    }

    /// Implements ``ChangeStore/changeNumbers(_:by:once:if:)``.
    package func apply(
        _ bulk: BulkChange, by author: Author, if isExpected: (_ tag: String) -> Bool
    ) throws -> BulkOutcome {
        let plan = try BulkPlan(bulk, on: self)
        let preview = plan.preview
        guard isExpected(preview.tag) else { throw InventoryError.previewOutdated(preview) }
        guard preview.errorCount == 0 else { throw InventoryError.cannotChange(preview) }
        guard !plan.numbers.isEmpty else { return .unchanged(preview) }
        try stage(plan.numbers)
        return .changed(try performStaged(plan.numbers.count, as: bulk.kind, by: author))
    }

    func performStaged(
        _ count: Int, as kind: Change.Kind, by author: Author
    ) throws -> Change {
        let change = Change(id: try newChangeID(), author: author, kind: kind, count: count)
        try insert(change)
        try insertStaged(in: change.id)
        try perform(change.id)
        return change
    }
}

extension Page<UndoConflict> {
    fileprivate func check(_ change: Int64) throws(InventoryError) {
        guard total == 0 else { throw .cannotUndo(id: change, self) }
    }
}
