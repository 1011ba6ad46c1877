import Inventory
import Storage
import StoreTesting
import Testing
import Threads

@Suite(.stores) struct LoadContract {
    private static let contents = Array(DemoNumbers(seed: 1).prefix(500))

    @Test(arguments: Backend.allCases)
    func loadedNumbersAreListedLikeCreatedOnes(backend: Backend) async throws {
        let (loaded, created) = (try await backend.store(), try await backend.store())
        #expect(try loaded.load(Self.contents) == 500)
        _ = try await created.createNumbers(Self.contents, onlyIfEmpty: true)
        for (key, currency) in try SortKey.withAndWithoutCurrency() {
            for search in [Search.all, .digits("849"), .digits("55")] {
                let query = NumberQuery(
                    perPage: 1000, sort: [key],
                    filter: NumberFilter(search: search, currency: currency))
                #expect(
                    try await loaded.listNumbers(query) == created.listNumbers(query), "\(query)")
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func writesSucceedAfterALoad(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.deleteNumber(try await store.create("4321").number.id, if: .always)
        #expect(try store.load(Self.contents) == 500)
        // The id of a deleted number is not reused.
        #expect(try await store.number(2).content == Self.contents[0])
        let new = try await store.create("4321").number
        #expect(new.id == 502)
        let error = await failure { try await store.createNumber(Self.contents[5]) }
        #expect(error.hasPrefix("numberExists(id: 7,"))
        let pounds = try Currency("£")
        let before = try await store.count(currency: pounds)
        try await store.updateNumber(new.id, if: .always) { $0.currency = pounds }
        #expect(try await store.count(currency: pounds) == before + 1)
        #expect(try await store.count(search: "5584912344321") == 1)
        try await store.deleteNumber(new.id, if: .always)
        #expect(try await store.count(search: "5584912344321") == 0)
        #expect(try await store.count() == 500)
    }

    @Test(arguments: Backend.allCases)
    func refusesAnInventoryWithNumbers(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.create("4321")
        #expect(throws: InventoryNotEmpty(count: 1)) { try store.load(Self.contents) }
        #expect(try await store.count() == 1)
    }

    @Test func skipsExistingNumbers() async throws {
        let store = try await Backend.sqliteFile.store()
        let present = Array(Self.contents[100..<110])
        _ = try await store.createNumbers(present, onlyIfEmpty: true)
        #expect(throws: InventoryNotEmpty(count: 10)) {
            try store.load(Self.contents, besideAtMost: 9)
        }
        #expect(try store.load(Self.contents, besideAtMost: 10) == 490)
        let page = try await store.listNumbers(NumberQuery(perPage: 1000))
        #expect(
            page.elements.map(\.content)
                == present + Self.contents[..<100] + Self.contents[110...])
        #expect(try await store.count(search: Self.contents[105].value.digits) == 1)
    }

    @Test(arguments: Backend.allCases)
    func failedLoadChangesNothing(backend: Backend) async throws {
        struct Interruption: Error {}
        let store = try await backend.store()
        // The first load is interrupted; the second has duplicates.
        for contents in [Self.contents, Self.contents + Self.contents] {
            #expect(throws: (any Error).self) {
                try store.loadNumbers(besideAtMost: 0) { count in
                    guard count == 0 else { throw Interruption() }
                    return contents
                }
            }
        }
        #expect(
            try await store.listNumbers(NumberQuery()) == Page<DIDNumber>(elements: [], total: 0))
        #expect(try await store.count(search: "551") == 0)
        let number = try await store.createNumber(Self.contents[0])
        try await store.deleteNumber(number.id, if: .always)
        // The next load succeeds.
        #expect(try store.load(Self.contents) == 500)
        #expect(try await store.count() == 500)
    }

    @Test(arguments: Backend.shared)
    func readersContinueAndWritersAreRefusedDuringALoad(backend: Backend) async throws {
        let open = try await backend.database()
        let (loader, server) = (try await open(), try await open())
        #expect(try await server.count() == 0)
        let pause = Pause()
        async let count = BlockingThreadPool(count: 1, mostWaiting: 0).run {
            try loader.loadNumbers(besideAtMost: 0) { count in
                guard count == 0 else {
                    pause.reach()
                    return []
                }
                return Self.contents
            }
        }
        await pause.isReached()
        defer { pause.end() }
        // If a reader waited for the load's lock, it would be refused.
        for _ in 0..<20 {
            #expect(try await server.count() == 0)
            #expect(await failure { try await server.number(1) } == "noSuchNumber(id: 1)")
        }
        #expect(await failure { try await server.create("4321") }.hasPrefix("unavailable"))
        // A write that waits succeeds if the load ends soon.
        async let created = server.create("4321")
        try await Task.sleep(for: .milliseconds(200))
        pause.end()
        #expect(try await count == 500)
        #expect(try await created.number.id == 501)
        #expect(try await server.count() == 501)
    }

    @Test(arguments: Backend.shared)
    func oneOfTwoConcurrentLoadsSucceeds(backend: Backend) async throws {
        let open = try await backend.database()
        let stores = [try await open(), try await open()]
        let threads = BlockingThreadPool(count: 2, mostWaiting: 0)
        let contents = [Self.contents, Array(DemoNumbers(seed: 2).prefix(300))]
        let counts = try await race(2) { index in
            try await threads.run {
                do {
                    return try stores[index].load(contents[index])
                } catch let error as InventoryNotEmpty {
                    return -error.count
                }
            }
        }
        let count = counts.max() ?? 0
        #expect(counts.sorted() == [-count, count])
        let page = try await stores[0].listNumbers(NumberQuery(perPage: 1000))
        #expect(page.total == count)
        #expect(page.elements.map(\.content) == contents[count == 500 ? 0 : 1])
    }
}

extension TransferableStore {
    /// Loads `contents` in several pieces.
    func load(_ contents: [NumberContent], besideAtMost mostPresent: Int = 0) throws -> Int {
        var rest = contents[...]
        return try loadNumbers(besideAtMost: mostPresent) { _ in
            defer { rest = rest.dropFirst(200) }
            return Array(rest.prefix(200))
        }
    }
}
