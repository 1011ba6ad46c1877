internal import ArgumentParser

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the tables of an inventory up to date, while others read and write.",
        discussion: """
            Other commands migrate when they open an inventory, except carrier check, carrier backup, and \
            carrier serve if MIGRATE is off. Run this before new servers start. It can be interrupted and \
            run again, and waits for another program that migrates. It creates tables in an empty \
            PostgreSQL database, but no SQLite file.
            """)

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let location = try database.location()
        let creates = if case .postgres = location { true } else { false }
        try await location.withStore(creates: creates, onMigration: { print("Done: \($0).") }) {
            _ in
            print("The tables of \(location) are up to date.")
        }
    }
}
