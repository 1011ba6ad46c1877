import Foundation
import Inventory
import Storage
import StoreTesting
import Testing
import Threads

/// Bulk loads into every store.
@Suite struct LoadContract {
    private static let contents = Array(DemoNumbers(seed: 1).prefix(900))

    @Test(arguments: Backend.allCases)
    func loadedNumbersAreListedLikeCreatedOnes(backend: Backend) async throws {
        try await backend.withStore { loaded in
            try await backend.withStore { created in
                #expect(try loaded.load(Self.contents) == 900)
                _ = try await created.createNumbers(Self.contents, onlyIfEmpty: true)
                for query in try Self.queries() {
                    #expect(
                        try await loaded.listNumbers(query) == created.listNumbers(query),
                        "\(query)")
                }
            }
        }
    }

    /// Every order and filter, the last page of each.
    private static func queries() throws -> [NumberQuery] {
        let filters = try [nil, "U$", "€"].map { try $0.map { try Currency($0) } }
        return SortKey.Column.allCases.flatMap { column in
            [false, true].flatMap { isDescending in
                filters.flatMap { currency in
                    [Search.all, .digits("849"), .digits("55")].map { search in
                        NumberQuery(
                            perPage: 1000, sort: [SortKey(column, descending: isDescending)],
                            filter: NumberFilter(search: search, currency: currency))
                    }
                }
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func writesSucceedAfterALoad(backend: Backend) async throws {
        try await backend.withStore { store in
            let first = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            try await store.deleteNumber(first.id, if: .always)
            #expect(try store.load(Self.contents) == 900)
            // The id of a deleted number is not reused.
            #expect(try await store.number(2).content == Self.contents[0])
            let new = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            #expect(new.id == 902)
            let error = try await #require(throws: InventoryError.self) {
                try await store.createNumber(Self.contents[5])
            }
            guard case .numberExists(7, _) = error else { throw error }
            let pounds = try Currency("£")
            let before = try await store.listNumbers(
                NumberQuery(filter: NumberFilter(currency: pounds))
            ).total
            _ = try await store.updateNumber(new.id, if: .always) { $0.currency = pounds }
            #expect(
                try await store.listNumbers(NumberQuery(filter: NumberFilter(currency: pounds)))
                    .total == before + 1)
            let found = NumberQuery(filter: NumberFilter(search: .digits("5584912344321")))
            #expect(try await store.listNumbers(found).elements.map(\.id) == [902])
            try await store.deleteNumber(new.id, if: .always)
            #expect(try await store.listNumbers(found).total == 0)
            #expect(try await store.listNumbers(NumberQuery()).total == 900)
        }
    }

    @Test(arguments: Backend.allCases)
    func refusesAnInventoryWithNumbers(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            #expect(throws: InventoryNotEmpty(count: 1)) {
                try store.load(Self.contents)
            }
            #expect(try await store.listNumbers(NumberQuery()).total == 1)
        }
    }

    @Test(arguments: [Backend.sqliteInMemory, .sqliteFile])
    func skipsExistingNumbers(backend: Backend) async throws {
        try await backend.withStore { store in
            let present = Array(Self.contents[100..<110])
            _ = try await store.createNumbers(present, onlyIfEmpty: true)
            #expect(throws: InventoryNotEmpty(count: 10)) {
                try store.load(Self.contents, besideAtMost: 9)
            }
            #expect(try store.load(Self.contents, besideAtMost: 10) == 890)
            let page = try await store.listNumbers(NumberQuery(perPage: 1000))
            #expect(
                page.elements.map(\.content)
                    == present + Self.contents[..<100] + Self.contents[110...])
            let digits = Self.contents[105].value.digits
            #expect(
                try await store.listNumbers(
                    NumberQuery(filter: NumberFilter(search: .digits(digits)))
                ).total == 1)
        }
    }

    @Test(arguments: Backend.allCases)
    func failedLoadChangesNothing(backend: Backend) async throws {
        struct Interruption: Error {}
        try await backend.withStore { store in
            #expect(throws: Interruption.self) {
                try store.loadNumbers(besideAtMost: 0) { count in
                    guard count == 0 else { throw Interruption() }
                    return Self.contents
                }
            }
            // Duplicates.
            #expect(throws: (any Error).self) {
                try store.loadNumbers(besideAtMost: 0) { count in
                    if count >= 900 { throw Interruption() }
                    return Self.contents + Self.contents
                }
            }
            #expect(
                try await store.listNumbers(NumberQuery())
                    == Page<DIDNumber>(elements: [], total: 0))
            let found = NumberQuery(filter: NumberFilter(search: .digits("551")))
            #expect(try await store.listNumbers(found).total == 0)
            let number = try await store.createNumber(Self.contents[0])
            try await store.deleteNumber(number.id, if: .always)
            // The next load succeeds.
            #expect(try store.load(Self.contents) == 900)
            #expect(try await store.listNumbers(NumberQuery()).total == 900)
        }
    }

    @Test(arguments: Backend.shared)
    func readersContinueAndWritersAreRefusedDuringALoad(backend: Backend) async throws {
        try await backend.withStores { open in
            let (loader, server) = (try await open(), try await open())
            #expect(try await server.listNumbers(NumberQuery()).total == 0)
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
            let start = ContinuousClock.now
            for _ in 0..<20 {
                #expect(try await server.listNumbers(NumberQuery()).total == 0)
                await #expect(throws: InventoryError.self) { try await server.number(1) }
            }
            // Waiting for the lock would take 5 s each time.
            #expect(ContinuousClock.now - start < .seconds(10))
            let error = try await #require(throws: InventoryError.self) {
                try await server.createNumber(try NumberContent("+55 84 91234-4321"))
            }
            guard case .unavailable = error else { throw error }
            // A write succeeds if the load ends soon.
            async let number = server.createNumber(try NumberContent("+55 84 91234-4321"))
            try await Task.sleep(for: .milliseconds(200))
            pause.end()
            #expect(try await count == 900)
            #expect(try await number.id == 901)
            #expect(try await server.listNumbers(NumberQuery()).total == 901)
            for store in [loader, server] { try await store.close() }
        }
    }

    @Test(arguments: Backend.shared)
    func oneOfTwoConcurrentLoadsSucceeds(backend: Backend) async throws {
        try await backend.withStores { open in
            let stores = [try await open(), try await open()]
            let threads = BlockingThreadPool(count: 2, mostWaiting: 0)
            let contents = [Self.contents, Array(DemoNumbers(seed: 2).prefix(700))]
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
            #expect(page.elements.map(\.content) == contents[count == 900 ? 0 : 1])
            for store in stores { try await store.close() }
        }
    }
}

extension TransferableStore {
    /// Loads `contents` in several pieces.
    func load(_ contents: [NumberContent], besideAtMost mostPresent: Int = 0) throws -> Int {
        var rest = contents[...]
        return try loadNumbers(besideAtMost: mostPresent) { _ in
            defer { rest = rest.dropFirst(400) }
            return Array(rest.prefix(400))
        }
    }
}
