internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import PostgresStore
internal import SQLiteStore

/// Measures the stores with a large inventory: `make bench-stores`.
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
        let path = folder.appending(path: "inventory.sqlite").path
        var stores: [(name: String, store: any InventoryStore)] = [
            ("SQLite", try SQLiteStore(path: path))
        ]
        // Started by `scripts/with-postgres`.
        if let url = ProcessInfo.processInfo.environment["TEST_DATABASE_URL"] {
            let address = try PostgresAddress(url: url)
            stores.append(("PostgreSQL", try await PostgresStore(address)))
        }
        var columns: [[Measurement]] = []
        for (name, store) in stores {
            print("\(name):")
            let prices = try await fill(store)
            try await check(prices, in: store)
            if name == "PostgreSQL",
                let url = ProcessInfo.processInfo.environment["TEST_DATABASE_URL"]
            {
                // What its autovacuum does within a minute or two.
                try psql(url, "VACUUM ANALYZE")
            }
            columns.append(try await measure(store))
            try await store.close()
        }
        report(stores.map(\.name), columns)
    }

    private func report(_ names: [String], _ columns: [[Measurement]]) {
        func cell(_ text: String) -> String {
            String(repeating: " ", count: max(1, 11 - text.count)) + text
        }
        let width = 38
        print(
            "\nof \(runs) runs, in milliseconds".padding(
                toLength: width + 1, withPad: " ", startingAt: 0)
                + names.map { cell($0) + cell("95 %") }.joined())
        for (index, first) in (columns.first ?? []).enumerated() {
            let cells = columns.map { cell($0[index].median) + cell($0[index].late) }
            print(
                first.name.padding(toLength: width, withPad: " ", startingAt: 0) + cells.joined())
        }
    }

    /// Fills the store with numbers at random prices, and returns the texts of those.
    private func fill(_ store: any InventoryStore) async throws -> [String] {
        var prices: [String] = []
        var numbers = DemoNumbers(seed: 1)
        let duration = try await ContinuousClock().measure {
            while prices.count < 2 * count {
                var contents: [NumberContent] = []
                while contents.count < 10_000, prices.count < 2 * count,
                    var content = numbers.next()
                {
                    for price in NumberContent.Member.prices.compactMap(\.price) {
                        let text = Self.randomPrice()
                        content[keyPath: price] = try Price(text)
                        prices.append(text)
                    }
                    contents.append(content)
                }
                _ = try await store.createNumbers(contents, onlyIfEmpty: false)
            }
        }
        print(
            "\(count) numbers made and stored in \(duration.formatted(.units(allowed: [.seconds])))"
        )
        return prices
    }

    /// A price in its canonical form, as it is answered.
    private static func randomPrice() -> String {
        let amount = Price(storedTenThousandths: .random(in: 0...Price.largest))
        return amount.description
    }

    private func check(_ prices: [String], in store: any InventoryStore) async throws {
        for page in 0..<count / 1000 {
            let numbers = try await store.listNumbers(
                NumberQuery(page: page + 1, perPage: 1000)
            ).elements
            let stored = numbers.flatMap { number in
                NumberContent.Member.prices.map { number.content.text(of: $0) }
            }
            guard stored == Array(prices[page * 2000..<(page + 1) * 2000]) else {
                throw ChangedPrice()
            }
        }
        print("\(prices.count) random prices are the same texts after store and retrieval\n")
    }

    /// Lets PostgreSQL's own client run a statement.
    private func psql(_ url: String, _ statement: String) throws {
        let client = try Process.run(
            URL(fileURLWithPath: "/usr/bin/env"),
            arguments: ["psql", "--quiet", "--dbname", url, "--command", statement])
        client.waitUntilExit()
        guard client.terminationStatus == 0 else { throw ExitCode(client.terminationStatus) }
    }

    private func measure(_ store: any InventoryStore) async throws -> [Measurement] {
        let middle = count / 25 / 2
        var measurements: [Measurement] = []
        measurements += try await measure("first page, by id") {
            _ = try await store.listNumbers(NumberQuery())
        }
        measurements += try await measure("middle page, by id") {
            _ = try await store.listNumbers(NumberQuery(page: middle))
        }
        measurements += try await measure("last page, by id") {
            _ = try await store.listNumbers(NumberQuery(page: 2 * middle))
        }
        measurements += try await measure("first page, by price") {
            _ = try await store.listNumbers(NumberQuery(sort: [SortKey(.monthyPrice)]))
        }
        measurements += try await measure("middle page, by price") {
            _ = try await store.listNumbers(
                NumberQuery(page: middle, sort: [SortKey(.monthyPrice, descending: true)]))
        }
        measurements += try await measure("first page of one currency, by price") {
            _ = try await store.listNumbers(
                NumberQuery(
                    sort: [SortKey(.monthyPrice)],
                    filter: NumberFilter(currency: Currency(storedSymbol: "U$"))))
        }
        measurements += try await measure("search by four random digits") {
            _ = try await store.listNumbers(
                NumberQuery(
                    filter: NumberFilter(search: .digits(String(Int.random(in: 1000...9999))))))
        }
        measurements += try await measure("search by four digits that many have") {
            _ = try await store.listNumbers(
                NumberQuery(filter: NumberFilter(search: .digits("5584"))))
        }
        measurements += try await measure("search by two digits") {
            _ = try await store.listNumbers(
                NumberQuery(filter: NumberFilter(search: .digits("84"))))
        }
        measurements += try await measure("one number") {
            _ = try await store.number(.random(in: 1...Int64(count)))
        }
        measurements += try await measure("a change of one number") {
            let price = Price(storedTenThousandths: .random(in: 0...Price.largest))
            _ = try await store.updateNumber(
                .random(in: 1...Int64(count)), if: .always,
                by: Author(username: "benchmark", at: Date())
            ) {
                $0.monthyPrice = price
            }
        }
        return measurements
    }

    private func measure(
        _ name: String, _ body: () async throws -> Void
    ) async throws -> [Measurement] {
        var durations: [Duration] = []
        for _ in 0..<runs {
            durations.append(try await ContinuousClock().measure(body))
        }
        durations.sort()
        return [
            Measurement(
                name: name, median: durations[runs / 2].inMilliseconds,
                late: durations[runs * 95 / 100].inMilliseconds)
        ]
    }
}

/// How long something took: half of the times at most `median`, 95 % of them at most `late`.
private struct Measurement {
    let name: String
    let median: String
    let late: String
}

extension Duration {
    fileprivate var inMilliseconds: String { String(format: "%.2f", self / .milliseconds(1)) }
}

private struct ChangedPrice: Error, CustomStringConvertible {
    let description = "A price is not what it was."
}
