import Inventory
import StoreTesting
import Testing

@Suite(.stores) struct UndoContract {
    @Test(arguments: Backend.allCases)
    func undoesEachKindOfChange(backend: Backend) async throws {
        let store = try await backend.store()
        let number = try await store.create("4321").number
        let currency = try Currency("€")
        let changed = try await store.updateNumber(1, if: .always, by: .tester) {
            $0.currency = currency
        }
        let undone = try await store.undo(changed.change)
        #expect(undone.kind == .undo)
        #expect(undone.count == 1)
        #expect(undone.undoes == changed.change)
        // The content of version 1 returns with a new version.
        #expect(try await store.number(1) == number.restored(asVersion: 3))

        let deleted = try await store.deleteNumber(1, if: .always, by: .tester)
        try await store.undo(deleted.change)
        #expect(try await store.number(1) == number.restored(asVersion: 4))
        #expect(try await store.count(search: "1234") == 1)

        let other = try await store.create("5000")
        try await store.undo(other.change)
        #expect(try await store.count() == 1)
        #expect(try await store.count(search: "5000") == 0)
        #expect(try await store.history(ofNumber: other.number.id, Paging()).total == 2)
    }

    @Test(arguments: Backend.allCases)
    func undoOfAnUndoIsARedo(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321")
        let create = try #require(created.change)
        let undo = try await store.undo(create)
        #expect(try await store.change(create).undoneBy == undo.id)
        #expect(await failure { try await store.undo(create) } == "alreadyUndone(id: 1, by: 2)")

        let redo = try await store.undo(undo.id)
        #expect(redo.undoes == undo.id)
        #expect(try await store.number(1) == created.number.restored(asVersion: 2))
        #expect(try await store.change(create).undoneBy == nil)
        #expect(try await store.change(undo.id).undoneBy == redo.id)
        #expect(await failure { try await store.undo(2) } == "alreadyUndone(id: 2, by: 3)")

        // After a redo, the change can be undone again by its own id.
        let again = try await store.undo(create)
        #expect(again.undoes == create)
        #expect(try await store.change(create).undoneBy == again.id)
        #expect(try await store.change(redo.id).undoneBy == again.id)
        #expect(try await store.change(undo.id).undoneBy == nil)
        #expect(try await store.count() == 0)
        try await store.undo(undo.id)
        #expect(try await store.number(1).version == 3)
    }

    @Test(arguments: Backend.allCases)
    func laterChangeIsAConflictUntilItIsUndone(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321")
        var changes: [Int64?] = [created.change]
        for text in ["1", "2", "3"] {
            let price = try Price(text)
            changes.append(
                try await store.updateNumber(1, if: .always, by: .tester) {
                    $0.setupPrice = price
                }.change)
        }
        for last in [3, 2, 1] {
            for change in changes[..<last] {
                try await store.expectConflict(
                    .moved(id: 1, by: changes[last], members: [.setupPrice]), undoing: change)
            }
            try await store.undo(changes[last])
        }
        #expect(try await store.number(1) == created.number.restored(asVersion: 7))
        try await store.undo(created.change)
        #expect(try await store.count() == 0)
    }

    @Test(arguments: Backend.allCases)
    func deletionAndTakenPhoneNumberAreConflicts(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321")
        let deleted = try await store.deleteNumber(1, if: .always, by: .tester)
        try await store.expectConflict(
            .moved(id: 1, by: deleted.change, members: NumberContent.Member.allCases),
            undoing: created.change)
        let other = try await store.create("4321").number
        try await store.expectConflict(.taken(id: 1, by: other.id), undoing: deleted.change)
        #expect(try await store.listNumbers(NumberQuery()).elements == [other])
        #expect(try await store.changeCount() == 3)
    }

    @Test(arguments: Backend.allCases)
    func concurrentUndosSucceedOnce(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321")
        let errors = try await race(8) { _ in
            await failure { try await store.undo(created.change) }
        }
        #expect(errors.count { $0 == "none" } == 1)
        #expect(errors.count { $0.hasPrefix("alreadyUndone(") } == 7)
        #expect(try await store.changeCount() == 2)
    }

    @Test(arguments: Backend.allCases)
    func conflictOfALoadedNumberNamesAnUndo(backend: Backend) async throws {
        let store = try await backend.store()
        // No change creates this number.
        _ = try await store.createNumbers(
            [try NumberContent("+55 84 91234-4321")], onlyIfEmpty: true)
        for symbol in ["€", "R$"] {
            let currency = try Currency(symbol)
            _ = try await store.updateNumber(1, if: .always, by: .tester) { $0.currency = currency }
        }
        try await store.undo(2)
        try await store.undo(1)
        // The content is that from before change 1, so the conflict names the last undo.
        try await store.expectConflict(.moved(id: 1, by: 4, members: [.currency]), undoing: 3)
    }

    @Test(arguments: Backend.allCases)
    func undoKeepsLaterChangesOfOtherMembers(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321")
        let (first, second) = (try Price("1"), try Price("2"))
        let monthly = try await store.updateNumber(1, if: .always, by: .tester) {
            $0.monthyPrice = first
        }
        let setup = try await store.updateNumber(1, if: .always, by: .tester) {
            $0.setupPrice = second
        }
        let undo = try await store.undo(monthly.change)
        var content = created.number.content
        content.setupPrice = second
        #expect(try await store.number(1).content == content)
        let entry = try #require(try await store.history(ofNumber: 1, Paging()).elements.first)
        #expect(entry.number.before == setup.number.content)
        #expect(entry.number.after == content)

        // The later change can be undone, too, and both can be redone.
        let other = try await store.undo(setup.change)
        #expect(try await store.number(1).content == created.number.content)
        try await store.undo(undo.id)
        try await store.undo(other.id)
        #expect(try await store.number(1).content == setup.number.content)
        try await store.expectConflict(
            .moved(id: 1, by: other.id + 2, members: [.monthyPrice, .setupPrice]),
            undoing: created.change)
    }
}

extension DIDNumber {
    fileprivate func restored(asVersion version: Int64) -> DIDNumber {
        DIDNumber(id: id, content: content, version: version)
    }
}

extension ChangeStore {
    /// Expects that the undo fails, with this conflict only.
    func expectConflict(
        _ conflict: UndoConflict, undoing id: Int64?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let error = try await #require(throws: InventoryError.self, sourceLocation: sourceLocation)
        {
            try await undo(id)
        }
        guard case .cannotUndo(_, let conflicts) = error else { throw error }
        #expect(
            conflicts == UndoConflicts(elements: [conflict], total: 1),
            sourceLocation: sourceLocation)
    }
}
