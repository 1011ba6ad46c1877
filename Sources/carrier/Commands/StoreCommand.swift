internal import ArgumentParser
internal import Storage

/// The flag of every command that works with an inventory.
struct DatabaseOptions: ParsableArguments {
    @Option(Settings.database) var database: String?

    func location() throws -> DatabaseLocation { try Settings.database.value(database) }
}

/// A command that opens an inventory, works with its store, and closes it.
protocol StoreCommand: AsyncParsableCommand {
    var database: DatabaseOptions { get }
    /// Whether to create the inventory if there is none.
    var createsInventory: Bool { get }

    func run(_ store: any TransferableStore) async throws
}

extension StoreCommand {
    var createsInventory: Bool { false }

    func run() async throws {
        try await database.location().withStore(creates: createsInventory) { try await run($0) }
    }
}
