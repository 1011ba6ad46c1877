import Inventory
import SQLiteStore
import Storage
import StoreTesting
import Testing
import Threads

@Suite(.stores) struct ExportContract {
    private static let contents = Array(DemoNumbers(seed: 1).prefix(1100))

    private func export(_ query: NumberQuery, of store: any NumberStore) throws -> [[DIDNumber]] {
        var batches: [[DIDNumber]] = []
        try store.exportNumbers(query, firstWithin: nil) { batches.append($0) }
        return batches
    }

    private func store(_ backend: Backend) async throws -> any TransferableStore {
        let store = try await backend.store()
        _ = try await store.createNumbers(Self.contents, onlyIfEmpty: true)
        return store
    }

    @Test(arguments: Backend.allCases)
    func exportHasTheNumbersOfAllPages(backend: Backend) async throws {
        let store = try await store(backend)
        let prices = [NumberContent.Member.monthyPrice: Price.zero...(try Price("0.05"))]
        for (key, currency) in try SortKey.withAndWithoutCurrency() where key.isDescending {
            for filter in [
                NumberFilter(currency: currency),
                NumberFilter(search: .digits("1"), currency: currency),
                NumberFilter(search: .digits("5584"), currency: currency),
                NumberFilter(search: .nothing, currency: currency),
                NumberFilter(ids: Array(100...700), currency: currency),
                NumberFilter(prefix: try DigitPrefix("55"), currency: currency),
                NumberFilter(currency: currency, prices: prices),
            ] {
                var query = NumberQuery(page: 7, perPage: 1, sort: [key], filter: filter)
                let exported = try export(query, of: store).flatMap { $0 }
                query.paging.perPage = 1000
                var listed: [DIDNumber] = []
                for page in 1...2 {
                    query.paging.page = page
                    listed += try await store.listNumbers(query).elements
                }
                #expect(exported == listed, "\(query)")
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func batchesHaveAtMost1000Numbers(backend: Backend) async throws {
        #expect(try export(NumberQuery(), of: try await backend.store()).isEmpty)
        let batches = try export(NumberQuery(), of: try await store(backend))
        #expect(batches.count > 1)
        #expect(batches.joined().count == 1100)
        #expect(batches.allSatisfy { (1...1000).contains($0.count) })
    }

    @Test(arguments: Backend.shared)
    func exportReadsOneSnapshot(backend: Backend) async throws {
        let open = try await backend.database()
        let (store, other) = (try await open(), try await open())
        _ = try await store.createNumbers(Self.contents, onlyIfEmpty: true)
        let pause = Pause()
        async let count = BlockingThreadPool(count: 1, mostWaiting: 0).run {
            var count = 0
            try store.exportNumbers(NumberQuery(), firstWithin: nil) { numbers in
                if count == 0 { pause.reach() }
                count += numbers.count
            }
            return count
        }
        await pause.isReached()
        defer { pause.end() }
        // Writers do not wait, and the export ignores their writes.
        for id in [1, 1100] as [Int64] { try await other.deleteNumber(id, if: .always) }
        try await other.create("4321")
        pause.end()
        #expect(try await count == 1100)
    }

    @Test(arguments: Backend.allCases)
    func stopsIfItsBodyThrows(backend: Backend) async throws {
        struct Stop: Error {}
        let store = try await store(backend)
        var batches = 0
        #expect(throws: Stop.self) {
            try store.exportNumbers(NumberQuery(), firstWithin: nil) { _ in
                batches += 1
                throw Stop()
            }
        }
        #expect(batches == 1)
        try await store.deleteNumber(1, if: .always)
    }

    @Test func slowSearchForTheFirstBatchIsRefused() async throws {
        let store = try await Backend.sqliteStore()
        _ = try store.load(NumberContent.plain(12_000))
        func count(_ filter: NumberFilter, firstWithin: Duration?) throws -> Int {
            var count = 0
            try store.exportNumbers(NumberQuery(filter: filter), firstWithin: firstWithin) {
                count += $0.count
            }
            return count
        }
        // The store must read every number, and none matches.
        let price = try Price("1000")
        let absent = NumberFilter(
            prefix: try DigitPrefix("55"), currency: try Currency("U$"),
            prices: [.monthyPrice: .zero...price, .setupPrice: price...price])
        #expect(await failure { try count(absent, firstWithin: .zero) }.hasPrefix("tooSlow"))
        #expect(try count(absent, firstWithin: nil) == 0)
        // The bound does not apply after the first batch.
        #expect(try count(NumberFilter(), firstWithin: .zero) == 12_000)
    }
}
