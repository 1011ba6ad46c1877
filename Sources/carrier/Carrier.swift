internal import ArgumentParser

/// The program: `carrier serve | health | migrate | seed | user | history | undo | import | export | copy
/// | check | backup`.
@main
struct Carrier: AsyncParsableCommand {
    static let version = "1.0.0"

    static let configuration = CommandConfiguration(
        commandName: "carrier",
        abstract: "Telecom Carrier: the inventory of phone numbers that a carrier has for sale.",
        version: version,
        subcommands: [
            Serve.self, Health.self, Migrate.self, Seed.self, Users.self, History.self, Undo.self,
            Import.self, Export.self, Copy.self, Check.self, Backup.self,
        ])
}
