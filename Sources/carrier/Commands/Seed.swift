internal import ArgumentParser
internal import Inventory
internal import Storage

struct Seed: StoreCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill the inventory with made-up numbers and prices.",
        discussion: "Without --add, an inventory with numbers is not changed.")

    @Option(help: "How many numbers to add, 1 to 10000000.") var count = 800
    @Option(help: "Which numbers: the same seed gives the same ones.") var seed: UInt64 = 1
    @Flag(help: "Add to an inventory that has numbers.") var add = false
    @OptionGroup var database: DatabaseOptions

    /// How many numbers a transaction adds. This bounds its memory, and how long other writers
    /// wait.
    private static let batchCount = 10_000

    func validate() throws {
        guard (1...10_000_000).contains(count) else {
            throw ValidationError("--count must be 1 to 10000000.")
        }
    }

    func run() async throws {
        let location = try database.location()
        try await location.withStore(creates: true) { try await run($0) }
        print("Added \(count.numbers) to \(location).")
    }

    func run(_ store: any TransferableStore) async throws {
        var numbers = DemoNumbers(seed: seed)
        let bar = ProgressBar(total: count)
        func batch(after created: Int) -> [NumberContent] {
            bar.show(created)
            return (created..<count).prefix(Self.batchCount).compactMap { _ in numbers.next() }
        }
        do {
            // Use one transaction. It blocks its thread, but nothing else runs in this program.
            _ = try store.loadNumbers(besideAtMost: add ? count : 0, batch)
            return
        } catch let error as InventoryNotEmpty where !add {
            throw CommandFailure(
                "The inventory has \(error.count) numbers; nothing was added. Use --add to add to them."
            )
        } catch is InventoryNotEmpty {}
        // Use several transactions, so that other writers get turns.
        var created = 0
        do {
            while created < count {
                created += try await store.createNumbers(
                    batch(after: created), onlyIfEmpty: false)
            }
        } catch  where created > 0 {
            throw CommandFailure(error, done: "Added \(created.numbers), not all")
        }
        bar.show(created)
    }
}
