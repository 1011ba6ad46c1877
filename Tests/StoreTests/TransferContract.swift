import Foundation
import Inventory
import Storage
import StoreTesting
import Testing

/// Copies of whole inventories between stores.
@Suite(.stores) struct TransferContract {
    @Test(arguments: Backend.shared, Backend.shared)
    func copiesEverything(from: Backend, to: Backend) async throws {
        let source = try await from.store()
        let target = try await to.store()
        _ = try await source.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(50)), onlyIfEmpty: true)
        _ = try await source.updateNumber(3, if: .always) { $0.monthyPrice = try Price("0") }
        try await source.deleteNumber(7, if: .always)
        try await source.deleteNumber(50, if: .always)
        let undo = try await source.undo(2)
        try await source.undo(3)
        _ = try await source.createUser(UserDraft("ana", passwordHash: "ana's hash"))
        _ = try await source.createUser(UserDraft("eve"))
        _ = try await source.createUser(UserDraft("bob", role: .salesperson))
        try await source.removeUser(Username(stored: "eve"))

        var counts: [Int] = []
        try Self.transfer(from: source, to: target) { counts.append($0) }
        #expect(counts.last == 50)
        let all = NumberQuery(perPage: 1000)
        #expect(try await target.listNumbers(all) == source.listNumbers(all))
        #expect(try await target.number(3).version == 2)
        #expect(try await target.listUsers() == source.listUsers())
        let hash = try await target.passwordHash(of: Username(stored: "ana"))
        #expect(hash?.stored == "ana's hash")
        let euros = NumberQuery(filter: NumberFilter(currency: try Currency("U$")))
        #expect(try await target.listNumbers(euros) == source.listNumbers(euros))
        let found = NumberQuery(filter: NumberFilter(search: .digits("551")))
        #expect(try await target.listNumbers(found) == source.listNumbers(found))
        let changes = ChangeQuery()
        #expect(try await target.listChanges(changes) == source.listChanges(changes))
        for id in [3, 7, 50] as [Int64] {
            let history = try await source.history(ofNumber: id, Paging())
            #expect(try await target.history(ofNumber: id, Paging()) == history)
        }
        // The target can undo the source's changes.
        let redo = try await target.undo(undo.id)
        #expect(redo.id == 6)
        #expect(try await target.count() == 49)
        // The id of a deleted number is not reused.
        let next = try await target.createNumber(try NumberContent("+1 212-736-5000"))
        #expect(next.id == 51)
        #expect(try await target.createUser(UserDraft("zoe")).id == 4)
    }

    @Test(arguments: Backend.allCases)
    func refusesATargetThatIsNotEmpty(backend: Backend) async throws {
        let source = try await Backend.sqliteInMemory.store()
        let target = try await backend.store()
        _ = try await source.createUser(UserDraft("ana"))
        try await target.create("4321")
        #expect(throws: TransferError.notEmpty(try target.withSnapshot { try $0.size() })) {
            try Self.transfer(from: source, to: target)
        }
        #expect(try await target.listUsers().isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func failedCopyLeavesTheTargetEmpty(backend: Backend) async throws {
        let source = try await Backend.sqliteInMemory.store()
        let target = try await backend.store()
        _ = try await source.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(50)), onlyIfEmpty: true)
        _ = try await source.createUser(UserDraft("ana"))
        struct Interruption: Error {}
        #expect(throws: Interruption.self) {
            try source.withSnapshot { snapshot in
                try target.restore(InterruptedSnapshot(whole: snapshot) { throw Interruption() }) {
                    _ in
                }
            }
        }
        #expect(try await target.count() == 0)
        #expect(try await target.listUsers().isEmpty)
        // The next transfer succeeds.
        try Self.transfer(from: source, to: target)
        #expect(try await target.count() == 50)
    }

    private static func transfer(
        from source: any TransferableStore, to target: any TransferableStore,
        progress: (Int) -> Void = { _ in }
    ) throws { try source.withSnapshot { try target.restore($0, progress: progress) } }
}

/// A snapshot that fails after its first numbers.
private struct InterruptedSnapshot: InventorySnapshot {
    let whole: any InventorySnapshot
    let interrupt: () throws -> Void

    func size() throws -> InventorySize { try whole.size() }
    func changes(after id: Int64, limit: Int) throws -> [Change] {
        try whole.changes(after: id, limit: limit)
    }
    func notes(after last: ChangeEntry.Key, limit: Int) throws -> [ChangeEntry] {
        try whole.notes(after: last, limit: limit)
    }
    func users() throws -> [(user: User, passwordHash: PasswordHash)] { try whole.users() }
    func errors(in subject: CheckSubject) throws -> IntegrityErrors {
        try whole.errors(in: subject)
    }

    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber] {
        if id > 0 { try interrupt() }
        return try whole.numbers(after: id, limit: 10)
    }
}
