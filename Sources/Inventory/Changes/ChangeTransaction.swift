/// The inventory in a transaction of a change: what is left to a store is its SQL.
///
/// A change of many numbers is written down first, number by number, and then done as it is written:
/// so taking back, changing many and taking in a file are one thing to a store, whose memory does
/// not grow with the numbers.
package protocol ChangeTransaction {
    /// The numbers of these ids that exist, in any order. Until the transaction ends, no other one
    /// changes the numbers that this method and the next two find.
    func numbers(withIDs ids: [Int64]) throws -> [DIDNumber]
    /// The numbers with these digits that are there, in any order.
    func numbers(withDigits digits: [String]) throws -> [DIDNumber]
    func page(_ query: NumberQuery) throws -> Page<DIDNumber>

    func change(_ id: Int64) throws -> Change?
    /// The first change that is kept; nil where none is.
    func oldestChange() throws -> Int64?
    /// The last of those that take back and redo `origin`; nil where nobody has.
    func lastUndo(of origin: Int64) throws -> ChangeRecord?

    /// An id for a change, beyond those of all changes of the numbers that were found.
    func newChangeID() throws -> Int64
    /// As many ids for numbers, ascending, beyond all that were ever given.
    func newNumberIDs(_ count: Int) throws -> [Int64]

    func insert(_ record: ChangeRecord) throws
    /// Keeps what a change does to some of its numbers, as long as it has no id.
    func stage(_ numbers: [ChangedNumber]) throws
    /// Writes down what was staged in `change`.
    func insertStaged(in change: Int64) throws
    /// Writes down in `reversal` what takes `change` back, whose outcome its numbers have.
    func noteReversal(of change: Int64, in reversal: Int64) throws

    /// Until the transaction ends, no other one changes the numbers of `change`.
    ///
    /// - Returns: The numbers that do not have the outcome of `change`, each with the change whose
    ///   outcome it has.
    func movedNumbers(since change: Int64) throws -> UndoConflicts
    /// The numbers that would have a phone number in common with another one, once what is written
    /// down in `change` is done.
    func takenNumbers(in change: Int64) throws -> UndoConflicts

    /// Does what is written down. Numbers may exchange their phone numbers.
    func perform(_ change: Int64) throws
}

extension ChangeTransaction {
    /// Undoes a change: see ``ChangeStore/undoChange(_:by:once:)``.
    package func undo(_ id: Int64, by author: Author) throws -> Change {
        guard let change = try change(id) else {
            throw InventoryError.noSuchChange(id: id, oldest: try oldestChange())
        }
        if let other = change.undoneBy { throw InventoryError.alreadyUndone(id: id, by: other) }
        let origin = change.record.undoChain?.origin ?? id
        // Where the change was undone and redone, what the redo has left is what stands.
        let lastUndo = try lastUndo(of: origin)
        let current = lastUndo ?? change.record
        try movedNumbers(since: current.id).check(id)
        let record = ChangeRecord(
            id: try newChangeID(), author: author, kind: .undo, count: current.count,
            undoChain: ChangeRecord.UndoChain(
                undoes: id, origin: origin, sequence: (lastUndo?.undoChain?.sequence ?? 0) + 1))
        try insert(record)
        try noteReversal(of: current.id, in: record.id)
        try takenNumbers(in: record.id).check(id)
        try perform(record.id)
        return Change(record)
    }

    /// Changes many numbers: see ``ChangeStore/changeNumbers(_:by:once:if:)``.
    package func apply(
        _ bulk: BulkChange, by author: Author, if isExpected: (_ tag: String) -> Bool
    ) throws -> BulkOutcome {
        let plan = try BulkPlan(bulk, on: self)
        let preview = plan.preview
        guard isExpected(preview.tag) else { throw InventoryError.previewOutdated(preview) }
        guard preview.errorCount == 0 else { throw InventoryError.cannotChange(preview) }
        guard !plan.numbers.isEmpty else { return .unchanged(preview) }
        try stage(plan.numbers)
        return .changed(
            Change(try performStaged(plan.numbers.count, as: bulk.kind, by: author)))
    }

    /// Does what was staged for `count` numbers.
    func performStaged(
        _ count: Int, as kind: Change.Kind, by author: Author
    ) throws -> ChangeRecord {
        let record = ChangeRecord(
            id: try newChangeID(), author: author, kind: kind, count: count)
        try insert(record)
        try insertStaged(in: record.id)
        try perform(record.id)
        return record
    }
}

extension UndoConflicts {
    /// - Throws: ``InventoryError/cannotUndo(id:_:)`` where there are any.
    fileprivate func check(_ change: Int64) throws(InventoryError) {
        guard total == 0 else { throw .cannotUndo(id: change, self) }
    }
}
