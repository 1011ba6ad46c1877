import Inventory
import Storage
import StoreTesting
import Testing

@testable import SQLiteStore

/// Copies of whole inventories between stores.
@Suite(.stores) struct TransferContract {
    @Test(arguments: Backend.shared, Backend.shared)
    func copiesEverything(from: Backend, to: Backend) async throws {
        let (source, target) = (try await from.store(), try await to.store())
        _ = try await source.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(50)), onlyIfEmpty: true)
        try await source.updateNumber(3, if: .always) { $0.monthyPrice = .zero }
        for id in [7, 50] as [Int64] { try await source.deleteNumber(id, if: .always) }
        let undo = try await source.undo(2)
        try await source.undo(3)
        _ = try await source.createUser(UserDraft("ana", passwordHash: "ana's hash"))
        _ = try await source.createUser(UserDraft("eve"))
        _ = try await source.createUser(UserDraft("bob", role: .salesperson))
        try await source.removeUser(Username(stored: "eve"))

        var counts: [Int] = []
        try Self.transfer(from: source, to: target) { counts.append($0) }
        #expect(counts.last == 50)
        for filter in [
            NumberFilter(), NumberFilter(currency: try Currency("U$")),
            NumberFilter(search: .digits("551")),
        ] {
            let query = NumberQuery(perPage: 1000, filter: filter)
            #expect(try await target.listNumbers(query) == source.listNumbers(query))
        }
        #expect(try await target.number(3).version == 2)
        #expect(try await target.listUsers() == source.listUsers())
        let hash = try await target.passwordHash(of: Username(stored: "ana"))
        #expect(hash?.stored == "ana's hash")
        let changes = ChangeQuery()
        #expect(try await target.listChanges(changes) == source.listChanges(changes))
        for id in [3, 7, 50] as [Int64] {
            let history = try await source.history(ofNumber: id, Paging())
            #expect(try await target.history(ofNumber: id, Paging()) == history)
        }
        // The target can undo the source's changes.
        #expect(try await target.undo(undo.id).id == 6)
        #expect(try await target.count() == 49)
        // The id of a deleted number is not reused.
        #expect(try await target.create("4321").number.id == 51)
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
        let (source, target) = (try SQLiteStore(), try await backend.store())
        _ = try await source.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(50)), onlyIfEmpty: true)
        _ = try await source.createUser(UserDraft("ana"))
        // The target refuses the negative price.
        for (price, isValid) in [(-1, false), (1, true)] {
            try source.database.use { db in
                try db.runScript(
                    """
                    PRAGMA ignore_check_constraints = ON;
                    UPDATE number SET monthyPrice = \(price) WHERE id = 50
                    """)
            }
            let error = await failure { try Self.transfer(from: source, to: target) }
            #expect((error == "none") == isValid, "\(error)")
            #expect(try await target.count() == (isValid ? 50 : 0))
            #expect(try await target.listUsers().isEmpty == !isValid)
        }
    }

    private static func transfer(
        from source: any TransferableStore, to target: any TransferableStore,
        progress: (Int) -> Void = { _ in }
    ) throws { try source.withSnapshot { try target.restore($0, progress: progress) } }
}
