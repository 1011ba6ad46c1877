import Foundation
import Inventory
import StoreTesting
import Synchronization
import Testing

/// Exports of every store.
@Suite(.stores) struct ExportContract {
    private static let contents = Array(DemoNumbers(seed: 1).prefix(2500))

    private struct Stop: Error {}

    private func export(_ query: NumberQuery, of store: any NumberStore) throws -> [[DIDNumber]] {
        var batches: [[DIDNumber]] = []
        try store.exportNumbers(query, firstWithin: nil) { batches.append($0) }
        return batches
    }

    @Test(arguments: Backend.allCases)
    func exportHasTheNumbersOfAllPages(backend: Backend) async throws {
        let store = try await backend.store()
        _ = try await store.createNumbers(Self.contents, onlyIfEmpty: true)
        for column in SortKey.Column.allCases {
            for currency in [nil, try Currency("€")] {
                let prices = [NumberContent.Member.monthyPrice: Price.zero...(try Price("0.05"))]
                for filter in [
                    NumberFilter(currency: currency),
                    NumberFilter(search: .digits("1"), currency: currency),
                    NumberFilter(search: .digits("5584"), currency: currency),
                    NumberFilter(search: .nothing, currency: currency),
                    NumberFilter(prefix: try DigitPrefix("55"), currency: currency),
                    NumberFilter(currency: currency, prices: prices),
                ] {
                    let key = SortKey(column, descending: column != .id)
                    var query = NumberQuery(page: 7, perPage: 1, sort: [key], filter: filter)
                    let exported = try export(query, of: store).flatMap { $0 }
                    query.paging.perPage = 1000
                    var listed: [DIDNumber] = []
                    for page in 1...3 {
                        query.paging.page = page
                        listed += try await store.listNumbers(query).elements
                    }
                    #expect(exported == listed, "\(query)")
                }
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func batchesHaveAtMost1000Numbers(backend: Backend) async throws {
        let store = try await backend.store()
        #expect(try export(NumberQuery(), of: store).isEmpty)
        _ = try await store.createNumbers(Self.contents, onlyIfEmpty: true)
        let batches = try export(NumberQuery(), of: store)
        #expect(batches.count > 1)
        #expect(batches.allSatisfy { (1...1000).contains($0.count) })
    }

    @Test(arguments: Backend.shared)
    func exportReadsOneSnapshot(backend: Backend) async throws {
        let open = try await backend.database()
        let (store, other) = (try await open(), try await open())
        _ = try await store.createNumbers(Self.contents, onlyIfEmpty: true)
        let count = Mutex(0)
        try await withThrowingTaskGroup { group in
            let (begin, began) = AsyncStream.makeStream(of: Void.self)
            let gate = DispatchSemaphore(value: 0)
            group.addTask {
                for await _ in begin {
                    // Writers do not wait, and the export ignores their writes.
                    for id in [1, 2500] as [Int64] { try await other.deleteNumber(id, if: .always) }
                    try await other.create("4321")
                    gate.signal()
                    return
                }
            }
            let thread = Thread {
                do {
                    try store.exportNumbers(NumberQuery(), firstWithin: nil) { numbers in
                        if count.withLock({ $0 }) == 0 {
                            began.yield()
                            #expect(gate.wait(timeout: .now() + 30) == .success)
                        }
                        count.withLock { $0 += numbers.count }
                    }
                } catch {
                    Issue.record(error)
                }
                began.finish()
            }
            thread.start()
            try await group.waitForAll()
            while !thread.isFinished { try await Task.sleep(for: .milliseconds(10)) }
        }
        #expect(count.withLock { $0 } == 2500)
    }

    @Test(arguments: Backend.allCases)
    func stopsIfItsBodyThrows(backend: Backend) async throws {
        let store = try await backend.store()
        _ = try await store.createNumbers(Self.contents, onlyIfEmpty: true)
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

    @Test(arguments: [Backend.sqliteInMemory, .sqliteFile])
    func slowSearchForTheFirstBatchIsRefused(backend: Backend) async throws {
        let store = try await backend.store()
        _ = try await store.createNumbers(
            (0..<12_000).map { try NumberContent("+55 84 9\(12_340_000 + $0)") }, onlyIfEmpty: true)
        func count(_ filter: NumberFilter, firstWithin: Duration?) throws -> Int {
            var count = 0
            try store.exportNumbers(NumberQuery(filter: filter), firstWithin: firstWithin) {
                count += $0.count
            }
            return count
        }
        // Every number is read, and none matches.
        let absent = NumberFilter(
            prefix: try DigitPrefix("55"), currency: try Currency("U$"),
            prices: [
                .monthyPrice: .zero...(try Price("1000")),
                .setupPrice: try Price("1000")...(try Price("1000")),
            ])
        let error = #expect(throws: InventoryError.self) { try count(absent, firstWithin: .zero) }
        guard case .tooSlow = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try count(absent, firstWithin: nil) == 0)
        // The bound does not apply after the first batch.
        #expect(try count(NumberFilter(), firstWithin: .zero) == 12_000)
        #expect(try await store.count() == 12_000)
    }
}
