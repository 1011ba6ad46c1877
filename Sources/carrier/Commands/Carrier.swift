internal import ArgumentParser
internal import CRevision
internal import Inventory

/// The program: `carrier serve | health | migrate | seed | user | history | undo | import | export | copy
/// | check | backup`.
@main
struct Carrier: AsyncParsableCommand {
    static let version = "2.0.0"
    /// The revision of the sources that it was built from; it is nil where whoever built it did not say.
    static let revision = {
        let text = String(cString: carrierRevision())
        return text.isEmpty ? nil : text
    }()

    static let configuration = CommandConfiguration(
        commandName: "carrier",
        abstract: "Telecom Carrier: the inventory of phone numbers that a carrier has for sale.",
        version: """
            \(revision.map { "\(version) (\($0))" } ?? version)
            Number tables: \(PhoneNumber.tables)
            """,
        subcommands: [
            Serve.self, Health.self, Migrate.self, Seed.self, Users.self, History.self, Undo.self,
            Import.self, Export.self, Copy.self, Check.self, Backup.self,
        ])
}
