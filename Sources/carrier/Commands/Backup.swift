internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import PostgresStore
internal import SQLiteStore
internal import Storage

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
        let backup = try BackupFile(file)
        switch location {
        case .sqlite(let path):
            try SQLiteStore.backUp(path, to: backup.partialPath)
            try check(backup.partialPath)
        case .postgres(let address):
            try PostgresStore.backUp(address, to: backup.partialPath)
        }
        try backup.finish()
        print("Backed up \(location) to \(file).")
    }

    private func check(_ copy: String) throws {
        do {
            let check = try SQLiteStore.check(path: copy)
            guard let size = check.size, check.isGood else { throw broken(check) }
            print("\(size) were copied and checked.")
        } catch SQLiteOpeningError.olderSchema {
            let check = try SQLiteStore.checkPages(path: copy)
            guard check.errors.isEmpty else { throw broken(check) }
            print("The tables are an older carrier's; they were copied, and their pages checked.")
        }
    }

    private func broken(_ check: InventoryCheck) -> BackupError {
        BackupError(
            "What was copied is broken, so it was not kept:\n"
                + check.lines.joined(separator: "\n"))
    }
}
