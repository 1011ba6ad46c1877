internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import SQLiteStore

/// Measures the stores with a large inventory: `make bench`.
@main
struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Fill a temporary inventory and measure what people do with it.")

    @Option(help: "How many numbers the inventory has.")
    var count = 1_000_000

    @Option(help: "How often each measurement is taken.")
    var runs = 50

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "carrier-benchmark-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteStore(path: folder.appending(path: "inventory.sqlite").path)
        let prices = try await fill(store)
        try await check(prices, in: store)
        try await measure(store)
        try store.close()
    }

    /// Fills the store with numbers at random prices, and returns the texts of those.
    private func fill(_ store: SQLiteStore) async throws -> [String] {
        var prices: [String] = []
        var numbers = DemoNumbers(seed: 1)
        let duration = try await ContinuousClock().measure {
            while prices.count < 2 * count {
                var drafts: [NumberDraft] = []
                while drafts.count < 50_000, prices.count < 2 * count, var draft = numbers.next() {
                    let texts = [Self.randomPrice(), Self.randomPrice()]
                    draft.monthyPrice = try Price(texts[0])
                    draft.setupPrice = try Price(texts[1])
                    prices += texts
                    drafts.append(draft)
                }
                _ = try await store.createNumbers(drafts, onlyIfEmpty: false)
            }
        }
        print(
            "\(count) numbers made and stored in \(duration.formatted(.units(allowed: [.seconds])))"
        )
        return prices
    }

    /// In its canonical form.
    private static func randomPrice() -> String {
        let amount = Price(storedTenThousandths: .random(in: 0...Price.largest))
        return amount.description
    }

    private func check(_ prices: [String], in store: SQLiteStore) async throws {
        for page in 0..<count / 1000 {
            let numbers = try await store.listNumbers(
                NumberQuery(page: page + 1, perPage: 1000)
            ).numbers
            let stored = numbers.flatMap {
                [$0.monthyPrice.description, $0.setupPrice.description]
            }
            guard stored == Array(prices[page * 2000..<(page + 1) * 2000]) else {
                throw ChangedPrice()
            }
        }
        print("\(prices.count) random prices are the same texts after store and retrieval\n")
    }

    private func measure(_ store: SQLiteStore) async throws {
        let middle = count / 25 / 2
        print("of \(runs) runs, in milliseconds           median    95 %")
        try await measure("first page, by id") {
            _ = try await store.listNumbers(NumberQuery())
        }
        try await measure("middle page, by id") {
            _ = try await store.listNumbers(NumberQuery(page: middle))
        }
        try await measure("last page, by id") {
            _ = try await store.listNumbers(NumberQuery(page: 2 * middle))
        }
        try await measure("first page, by price") {
            _ = try await store.listNumbers(NumberQuery(sort: [SortKey(.monthyPrice)]))
        }
        try await measure("middle page, by price") {
            _ = try await store.listNumbers(
                NumberQuery(page: middle, sort: [SortKey(.monthyPrice, descending: true)]))
        }
        try await measure("first page of one currency, by price") {
            _ = try await store.listNumbers(
                NumberQuery(
                    sort: [SortKey(.monthyPrice)], currency: Currency(storedSymbol: "U$")))
        }
        try await measure("search by four random digits") {
            _ = try await store.listNumbers(
                NumberQuery(search: .digits(String(Int.random(in: 1000...9999)))))
        }
        try await measure("search by four digits that many have") {
            _ = try await store.listNumbers(NumberQuery(search: .digits("5584")))
        }
        try await measure("search by two digits") {
            _ = try await store.listNumbers(NumberQuery(search: .digits("84")))
        }
        try await measure("one number") {
            _ = try await store.number(.random(in: 1...Int64(count)))
        }
        try await measure("a change of one number") {
            let price = Price(storedTenThousandths: .random(in: 0...Price.largest))
            _ = try await store.updateNumber(.random(in: 1...Int64(count)), if: .always) {
                $0.monthyPrice = price
            }
        }
    }

    private func measure(_ name: String, _ body: () async throws -> Void) async throws {
        var durations: [Duration] = []
        for _ in 0..<runs {
            durations.append(try await ContinuousClock().measure(body))
        }
        durations.sort()
        let columns = [durations[runs / 2], durations[runs * 95 / 100]].map { duration in
            let text = String(format: "%.2f", duration / .milliseconds(1))
            return String(repeating: " ", count: max(0, 10 - text.count)) + text
        }
        print(name.padding(toLength: 38, withPad: " ", startingAt: 0) + columns.joined())
    }
}

private struct ChangedPrice: Error, CustomStringConvertible {
    let description = "A price is not what it was."
}
