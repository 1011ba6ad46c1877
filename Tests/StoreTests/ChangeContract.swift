import Foundation
@testable import Inventory
import StoreTesting
import Testing

/// The history of numbers in every store.
@Suite(.stores) struct ChangeContract {
    @Test(arguments: Backend.allCases)
    func recordsChangesOfOneNumber(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321", by: .named("ana", second: 1))
        let id = created.number.id
        let price = try Price("0.05")
        let changed = try await store.updateNumber(id, if: .always, by: .named("bob", second: 2)) {
            $0.monthyPrice = price
        }
        let deleted = try await store.deleteNumber(id, if: .always, by: .named("eva", second: 3))

        let changes = try await store.listChanges(ChangeQuery()).elements
        #expect(changes.map(\.id) == [deleted.change, changed.change, created.change])
        #expect(changes.map(\.kind) == [.delete, .change, .create])
        #expect(changes.map(\.username) == ["eva", "bob", "ana"])
        #expect(changes.map(\.at) == [3, 2, 1].map { Author.named("", second: $0).at })
        #expect(changes.map(\.count) == [1, 1, 1])
        #expect(changes.allSatisfy { $0.undoes == nil && $0.undoneBy == nil })
        #expect(try await store.change(1) == changes.last)

        let history = try await store.history(ofNumber: id, Paging())
        #expect(history.total == 3)
        #expect(history.elements.map(\.change.id) == changes.map(\.id))
        for numbers in [history.elements.map(\.number), changes.compactMap(\.number)] {
            #expect(
                numbers == [
                    .deleted(changed.number), .changed(created.number, to: changed.number.content),
                    .created(created.number),
                ])
        }
    }

    @Test(arguments: Backend.allCases)
    func requestThatChangesNothingIsNotRecorded(backend: Backend) async throws {
        let store = try await backend.store()
        let number = try await store.create("4321").number
        let same = try await store.updateNumber(1, if: .always, by: .tester) { _ in }
        #expect(same == RecordedNumber(number: number, change: nil))
        let stale = VersionCondition { $0 == 7 }
        #expect(await failure { try await store.create("4321") } != "none")
        #expect(await failure { try await store.deleteNumber(1, if: stale) } != "none")
        #expect(try await store.changeCount() == 1)
    }

    @Test(arguments: Backend.allCases)
    func loadedNumberHasNoHistory(backend: Backend) async throws {
        let store = try await backend.store()
        _ = try await store.createNumbers(
            [try NumberContent("+55 84 91234-4321")], onlyIfEmpty: true)
        #expect(try await store.history(ofNumber: 1, Paging()).elements == [])
        let error = await failure { try await store.history(ofNumber: 2, Paging()) }
        #expect(error == "noSuchNumber(id: 2)")
        #expect(try await store.changeCount() == 0)
    }

    @Test(arguments: Backend.allCases)
    func unknownChangeIsReported(backend: Backend) async throws {
        let store = try await backend.store()
        for read in [
            { _ = try await store.change(7) },
            { _ = try await store.changedNumbers(ofChange: 7, Paging()) },
            { _ = try await store.undo(7) },
        ] {
            #expect(await failure(read) == "noSuchChange(id: 7, oldest: nil)")
        }
    }

    @Test(arguments: Backend.allCases)
    func filtersByUserKindNumberAndTime(backend: Backend) async throws {
        let store = try await backend.store()
        for index in 0..<10 {
            try await store.create(
                "43\(10 + index)", by: .named(index % 2 == 0 ? "ana" : "bob", second: index))
        }
        _ = try await store.deleteNumber(3, if: .always, by: .named("ana", second: 10))
        func ids(_ query: ChangeQuery) async throws -> [Int64] {
            let page = try await store.listChanges(query)
            #expect(page.total == page.elements.count)
            return page.elements.map(\.id)
        }
        #expect(try await ids(ChangeQuery(username: "ana")) == [11, 9, 7, 5, 3, 1])
        #expect(try await ids(ChangeQuery(username: "An")) == [])
        #expect(try await ids(ChangeQuery(kinds: [.delete])) == [11])
        #expect(try await ids(ChangeQuery(kinds: [.import])) == [])
        #expect(try await ids(ChangeQuery(numberID: 3)) == [11, 3])
        #expect(try await ids(ChangeQuery(numberID: 77)) == [])
        let (from, to) = (Author.named("", second: 7).at, Author.named("", second: 9).at)
        let kinds = [Change.Kind.delete, .import, .create]
        #expect(try await ids(ChangeQuery(kinds: kinds, from: from)) == [11, 10, 9, 8])
        #expect(try await ids(ChangeQuery(from: from)) == [11, 10, 9, 8])
        #expect(try await ids(ChangeQuery(from: from, to: to)) == [9, 8])
        #expect(
            try await ids(ChangeQuery(username: "bob", kinds: [.create], to: to)) == [8, 6, 4, 2])
    }

    @Test(arguments: Backend.allCases)
    func filtersByTheDigitsThatNumbersHaveOrHad(backend: Backend) async throws {
        let store = try await backend.store()
        let contents = try ["4311", "4322", "4333", "4344"].map {
            try NumberContent("+55 84 91234-\($0)")
        }
        _ = try await store.createNumbers(contents, onlyIfEmpty: true)
        let other = try PhoneNumber("+55 84 91234-9922")
        _ = try await store.updateNumber(2, if: .always) { $0.value = other }
        _ = try await store.deleteNumber(3, if: .always)
        try await store.create("4333")
        let price = PriceAdjustment.to(try Price("9.99"))
        _ = try await store.changeNumbers(
            BulkChange(.ids([1, 4, 5]), .set(Adjustments(prices: [.setupPrice: price]))),
            by: .tester)
        func found(_ digits: String, numberID: Int64? = nil) async throws -> [String] {
            let query = ChangeQuery(numberID: numberID, number: try DigitSuffix(digits))
            let page = try await store.listChanges(query)
            #expect(page.total == page.elements.count)
            return page.elements.map { "\($0.id):\($0.number?.id ?? 0)" }
        }
        #expect(try await found("4311") == ["4:1"])
        #expect(try await found("322") == ["1:2"])
        #expect(try await found("9922") == ["1:2"])
        #expect(try await found("+55 84 91234-4333") == ["4:5", "3:5", "2:3"])
        #expect(try await found("344", numberID: 4) == ["4:4"])
        #expect(try await found("344", numberID: 1) == [])
        #expect(try await found("+4344") == [])
        #expect(try await found("5584912344311") == ["4:1"])
        // A change of several numbers has no number if the query is about none.
        let all = try await store.listChanges(ChangeQuery()).elements
        #expect(all.map { $0.number?.id } == [nil, 5, 3, 2])
        #expect(try await store.change(4).number == nil)
        #expect(try await store.change(2).number?.before == contents[2])
    }

    @Test(arguments: Backend.allCases)
    func pagesAreNewestFirst(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.create("4321")
        for index in 2...105 {
            let price = Price(storedTenThousandths: Int64(index))
            _ = try await store.updateNumber(1, if: .always) { $0.setupPrice = price }
        }
        for (page, expected) in [
            (1, 96...105), (2, 86...95), (10, 6...15), (11, 1...5), (12, nil), (.max, nil),
        ] as [(Int, ClosedRange<Int64>?)] {
            let paging = Paging(page: page, perPage: 10)
            let ids = expected.map { $0.reversed() } ?? []
            let changes = try await store.listChanges(ChangeQuery(paging: paging))
            #expect(changes.elements.map(\.id) == ids)
            #expect(changes.total == 105)
            let history = try await store.history(ofNumber: 1, paging)
            #expect(history.elements.map(\.number.version) == ids)
            #expect(history.total == 105)
        }
    }

    @Test(arguments: Backend.allCases)
    func prunesOnlyTheOldestChanges(backend: Backend) async throws {
        let store = try await backend.store()
        // The clock goes back once, but a later change still counts as later.
        for (index, second) in [10, 20, 30, 15, 40].enumerated() {
            try await store.create("43\(10 + index)", by: .named("ana", second: second))
        }
        let date = Author.named("", second: 30).at
        #expect(try await store.countChanges(before: date) == 2)
        #expect(try await store.pruneChanges(before: date) == 2)
        #expect(try await store.pruneChanges(before: date) == 0)
        #expect(try await store.listChanges(ChangeQuery()).elements.map(\.id) == [5, 4, 3])
        #expect(try await store.history(ofNumber: 1, Paging()).total == 0)
        #expect(try await store.history(ofNumber: 3, Paging()).total == 1)
        let error = await failure { try await store.undo(2) }
        #expect(error == "noSuchChange(id: 2, oldest: Optional(3))")
        let all = Author.named("", second: 100).at
        #expect(try await store.countChanges(before: all) == 3)
        #expect(try await store.pruneChanges(before: all) == 3)
        // Pruned ids are not reused.
        #expect(try await store.create("4321").change == 6)
    }
}
