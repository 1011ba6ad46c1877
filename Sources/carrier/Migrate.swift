internal import ArgumentParser
internal import Foundation

/// Brings the schema of an inventory up to date: `carrier migrate`.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the tables of an inventory up to date, while others read and write.",
        discussion: """
            Commands that open an inventory do that first, but for carrier check of a file, and carrier \
            serve where MIGRATE is off. As a \
            step of its own it is done before new servers start. It may be ended and run again, and \
            where another program is at it already, it waits for that.
            """)

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let location = try database.location(environment: ProcessInfo.processInfo.environment)
        try await location.withStore(onMigration: { print("Done: \($0).") }) { _ in
            print("The tables of \(location) are up to date.")
        }
    }
}
