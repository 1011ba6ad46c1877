internal import ArgumentParser
internal import Foundation
internal import Inventory

/// Fills the inventory: `carrier seed`.
struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill the inventory with numbers and prices as a carrier might have them.",
        discussion: "An inventory that has numbers is left alone, unless --add is given."
    )

    @Option(help: "How many numbers to add, 1 to 10000000.")
    var count = 800

    @Option(help: "Which numbers: the same seed gives the same ones.")
    var seed: UInt64 = 1

    @Flag(help: "Add to the numbers that the inventory has already.")
    var add = false

    @OptionGroup var database: DatabaseOptions

    /// How many numbers are written in one transaction, which bounds both the memory that it takes
    /// and the time for which others cannot write.
    private static let batch = 10_000

    func validate() throws {
        guard (1...10_000_000).contains(count) else {
            throw ValidationError("--count must be 1 to 10000000.")
        }
    }

    func run() async throws {
        let location = try database.location(environment: ProcessInfo.processInfo.environment)
        try await location.withStore { try await fill($0) }
        print("Added \(count) numbers to \(location).")
    }

    private func fill(_ store: any NumberStore) async throws {
        var numbers = DemoNumbers(seed: seed)
        var remaining = count
        while remaining > 0 {
            var contents: [NumberContent] = []
            while contents.count < min(remaining, Self.batch), let content = numbers.next() {
                contents.append(content)
            }
            do {
                remaining -= try await store.createNumbers(
                    contents, onlyIfEmpty: !add && remaining == count)
            } catch let error as InventoryNotEmpty {
                throw NotEmptyError(count: error.count)
            }
        }
    }
}

private struct NotEmptyError: Error, CustomStringConvertible {
    let count: Int

    var description: String {
        "The inventory has \(count) numbers; nothing was added. Use --add to add to them."
    }
}
