import Inventory
import StoreTesting
import Testing

/// How every store takes changes back.
@Suite struct UndoContract {
    @Test(arguments: Backend.allCases)
    func takesBackEachKindOfChange(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(
                try NumberContent("+55 84 91234-4321"), by: .tester)
            let number = created.number
            let currency = try Currency("€")
            let changed = try await store.updateNumber(number.id, if: .always, by: .tester) {
                $0.currency = currency
            }
            let undone = try await store.undo(changed.change)
            #expect(undone.kind == .undo)
            #expect(undone.count == 1)
            #expect(undone.undoes == changed.change)
            // The content of version 1 comes back, and the version does not.
            #expect(
                try await store.number(number.id)
                    == DIDNumber(id: number.id, content: number.content, version: 3))

            let deleted = try await store.deleteNumber(number.id, if: .always, by: .tester)
            try await store.undo(deleted.change)
            #expect(
                try await store.number(number.id)
                    == DIDNumber(id: number.id, content: number.content, version: 4))
            #expect(
                try await store.listNumbers(
                    NumberQuery(filter: NumberFilter(search: Search("1234")))
                ).total == 1)

            let other = try await store.createNumber(
                try NumberContent("+1 212-736-5000"), by: .tester)
            try await store.undo(other.change)
            #expect(try await store.listNumbers(NumberQuery()).total == 1)
            #expect(
                try await store.listNumbers(
                    NumberQuery(filter: NumberFilter(search: Search("5000")))
                ).total == 0)
            #expect(try await store.history(ofNumber: other.number.id, Paging()).total == 2)
        }
    }

    @Test(arguments: Backend.allCases)
    func takingBackAnUndoIsDoingAgain(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(
                try NumberContent("+55 84 91234-4321"), by: .tester)
            let create = try #require(created.change)
            let undo = try await store.undo(create)
            #expect(try await store.change(create).undoneBy == undo.id)
            try await store.expectAlreadyUndone(create, by: undo.id)

            let redo = try await store.undo(undo.id)
            #expect(redo.undoes == undo.id)
            #expect(
                try await store.number(1)
                    == DIDNumber(id: 1, content: created.number.content, version: 2))
            #expect(try await store.change(create).undoneBy == nil)
            #expect(try await store.change(undo.id).undoneBy == redo.id)
            try await store.expectAlreadyUndone(undo.id, by: redo.id)

            // What was redone is in force again, and can be taken back as itself.
            let again = try await store.undo(create)
            #expect(again.undoes == create)
            #expect(try await store.change(create).undoneBy == again.id)
            #expect(try await store.change(redo.id).undoneBy == again.id)
            #expect(try await store.change(undo.id).undoneBy == nil)
            #expect(try await store.listNumbers(NumberQuery()).total == 0)
            try await store.undo(undo.id)
            #expect(try await store.number(1).version == 3)
        }
    }

    @Test(arguments: Backend.allCases)
    func refusesWhereANumberHasMovedOn(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(
                try NumberContent("+55 84 91234-4321"), by: .tester)
            let price = try Price("0.05")
            let first = try await store.updateNumber(1, if: .always, by: .tester) {
                $0.monthyPrice = price
            }
            let second = try await store.updateNumber(1, if: .always, by: .tester) {
                $0.setupPrice = price
            }
            let reason = UndoConflict.Reason.moved(by: second.change)
            for change in [created.change, first.change] {
                try await store.expectObstacle(UndoConflict(id: 1, reason: reason), undoing: change)
            }
            #expect(try await store.number(1) == second.number)
            // From the end they can be taken back one by one.
            try await store.undo(second.change)
            try await store.undo(first.change)
            #expect(
                try await store.number(1)
                    == DIDNumber(id: 1, content: created.number.content, version: 5))
            try await store.undo(created.change)
            #expect(try await store.listNumbers(NumberQuery()).total == 0)
        }
    }

    @Test(arguments: Backend.allCases)
    func namesTheChangeWhoseOutcomeStands(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(
                try NumberContent("+55 84 91234-4321"), by: .tester)
            var changes: [Int64?] = []
            for text in ["1", "2", "3"] {
                let price = try Price(text)
                changes += try await [
                    store.updateNumber(1, if: .always, by: .tester) { $0.setupPrice = price }.change
                ]
            }
            try await store.undo(changes[2])
            // What was taken back is in nobody's way any more.
            try await store.expectObstacle(
                UndoConflict(id: 1, reason: .moved(by: changes[1])), undoing: created.change)
        }
    }

    @Test(arguments: Backend.allCases)
    func refusesWhereANumberWasDeletedSince(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(
                try NumberContent("+55 84 91234-4321"), by: .tester)
            let deleted = try await store.deleteNumber(1, if: .always, by: .tester)
            try await store.expectObstacle(
                UndoConflict(id: 1, reason: .moved(by: deleted.change)), undoing: created.change)
        }
    }

    @Test(arguments: Backend.allCases)
    func refusesWhereThePhoneNumberIsTaken(backend: Backend) async throws {
        try await backend.withStore { store in
            let content = try NumberContent("+55 84 91234-4321")
            _ = try await store.createNumber(content, by: .tester)
            let deleted = try await store.deleteNumber(1, if: .always, by: .tester)
            let other = try await store.createNumber(content, by: .tester).number
            try await store.expectObstacle(
                UndoConflict(id: 1, reason: .taken(by: other.id)), undoing: deleted.change)
            #expect(try await store.listNumbers(NumberQuery()).elements == [other])
            #expect(try await store.listChanges(ChangeQuery()).total == 3)
        }
    }

    @Test(arguments: Backend.allCases)
    func twoAtOnceTakeBackOnce(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(
                try NumberContent("+55 84 91234-4321"), by: .tester)
            let outcomes = try await race(8) { _ in
                do {
                    try await store.undo(created.change)
                    return true
                } catch InventoryError.alreadyUndone {
                    return false
                }
            }
            #expect(outcomes.count { $0 } == 1)
            #expect(try await store.listChanges(ChangeQuery()).total == 2)
        }
    }
}

extension UndoContract {
    @Test(arguments: Backend.allCases)
    func whatMovedANumberIsAlwaysAChangeThatThereIs(backend: Backend) async throws {
        try await backend.withStore { store in
            // Numbers that nobody's change created.
            _ = try await store.createNumbers(
                [try NumberContent("+55 84 91234-4321")], onlyIfEmpty: true)
            for symbol in ["€", "R$"] {
                let currency = try Currency(symbol)
                _ = try await store.updateNumber(1, if: .always, by: .tester) {
                    $0.currency = currency
                }
            }
            try await store.undo(2)
            try await store.undo(1)
            // It has the content again that it had before there was a change.
            try await store.expectObstacle(
                UndoConflict(id: 1, reason: .moved(by: 4)), undoing: 3)
        }
    }
}

extension ChangeStore {
    @discardableResult
    func undo(_ id: Int64?) async throws -> Change {
        try await undoChange(try #require(id), by: .tester)
    }

    fileprivate func expectAlreadyUndone(
        _ id: Int64, by other: Int64, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let error = try await #require(
            throws: InventoryError.self, sourceLocation: sourceLocation
        ) { try await undo(id) }
        guard case .alreadyUndone(id, by: other) = error else { throw error }
    }

    fileprivate func expectObstacle(
        _ obstacle: UndoConflict, undoing id: Int64?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let error = try await #require(
            throws: InventoryError.self, sourceLocation: sourceLocation
        ) { try await undo(id) }
        guard case .cannotUndo(_, let obstacles) = error else { throw error }
        #expect(
            obstacles == UndoConflicts(total: 1, first: [obstacle]),
            sourceLocation: sourceLocation)
    }
}
