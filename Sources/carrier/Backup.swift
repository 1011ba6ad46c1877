internal import ArgumentParser
internal import Foundation
internal import Inventory

/// Writes a whole inventory into one file: `carrier backup FILE`.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a whole inventory into a new file, while others read and write.",
        discussion: """
            Of SQLite the file is a database, which is checked as carrier check does; of PostgreSQL it is \
            what pg_dump writes in its custom format, which is read to its end. FILE.sha256 is for \
            sha256sum --check.
            """)

    @Argument(help: "The file, which must not be there yet.")
    var file: String

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let location = try database.location(environment: ProcessInfo.processInfo.environment)
        try location.checkIsThere()
        try await location.withStore { store in
            let backup = try BackupFile(file)
            try store.backUp(to: backup.partialPath)
            if case .sqlite = location { try await check(backup) }
            try backup.finish()
        }
        print("Backed up \(location) to \(file).")
    }

    private func check(_ backup: BackupFile) async throws {
        let check = try await DatabaseLocation.sqlite(path: backup.partialPath).check()
        guard let size = check.size, check.isGood else {
            throw BackupError(
                "What was copied is broken, so it was not kept:\n"
                    + check.lines.joined(separator: "\n"))
        }
        print("\(size) were copied and checked.")
    }
}
