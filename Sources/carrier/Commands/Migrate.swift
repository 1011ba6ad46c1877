internal import ArgumentParser

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the tables of an inventory up to date, while others read and write.",
        discussion: """
            Other commands do so when they open an inventory, except carrier check, carrier backup, and carrier \
            serve if MIGRATE is off. Run \
            it before new servers start. It can be interrupted and run again. If another program is \
            migrating, it waits for that. It creates the tables in a \
            PostgreSQL database that has none, but no SQLite file.
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
