internal import ArgumentParser
internal import Storage

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
    @Flag(
        help: """
            Also drop what only older versions use: when all servers have this version, and will not go back.
            """)
    var finish = false

    func run() async throws {
        let location = try database.location()
        let creates = if case .postgres = location { true } else { false }
        let report: MigrationReport = { name, isDone in
            print(
                isDone
                    ? "Done: \(name)."
                    : """
                    Waiting: \(name). When all servers have this version, run carrier migrate --finish.
                    """)
        }
        try await location.withStore(finishes: finish, creates: creates, onMigration: report) { _ in
            print("The tables of \(location) are up to date.")
        }
    }
}
