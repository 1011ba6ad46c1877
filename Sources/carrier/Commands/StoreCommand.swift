internal import ArgumentParser
internal import Storage

struct DatabaseOptions: ParsableArguments {
    @Option(Settings.database) var database: String?

    func location() throws -> DatabaseLocation { try Settings.database.value(database) }
}

protocol StoreCommand: AsyncParsableCommand {
    var database: DatabaseOptions { get }

    func run(_ store: any TransferableStore) async throws
}

extension StoreCommand {
    func run() async throws {
        try await database.location().withStore { try await run($0) }
    }
}
