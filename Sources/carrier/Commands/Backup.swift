internal import ArgumentParser
internal import Crypto
internal import Foundation
internal import Inventory
internal import PostgresStore
internal import SQLiteStore
internal import Storage

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a whole inventory into a new file, while others read and write.",
        discussion: """
            The file is an SQLite database, checked like carrier check does, or a PostgreSQL dump in \
            pg_dump's custom format, read to its end. FILE.sha256 is for sha256sum --check.
            """)

    @Argument(help: "The file, which must not exist.") var file: String
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let location = try database.location()
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
        } catch OpeningError.olderSchema {
            let check = try SQLiteStore.check(path: copy, onlyPages: true)
            guard check.errors.isEmpty else { throw broken(check) }
            print("The tables are of an older carrier; they were copied, and their pages checked.")
        }
    }

    private func broken(_ check: InventoryCheck) -> CommandFailure {
        let lines = ["The copy has errors, so it was deleted:"] + check.lines
        return CommandFailure(lines.joined(separator: "\n"))
    }
}

/// A backup that has another name until it is written and checked. A second file has its SHA-256.
private final class BackupFile {
    private let path: String
    private let copy: OutputFile
    let partialPath: String

    init(_ path: String) throws {
        self.path = path
        partialPath = path + ".partial"
        copy = try OutputFile(path, isNew: true)
        // Fail before the backup if the digest's file exists.
        _ = try digestFile()
    }

    deinit {
        // If the disk is full, SQLite leaves the copy's journal, so delete it too.
        unlink(partialPath + "-journal")
    }

    func finish() throws {
        let copied = try OpenFile(partialPath, O_RDONLY)
        var hash = SHA256()
        while let piece = try copied.read() { hash.update(data: piece) }
        let digest = try digestFile()
        let name = URL(fileURLWithPath: path).lastPathComponent
        try digest.write(Array("\(hash.finalize().hexadecimal)  \(name)\n".utf8))
        try digest.finish()
        do {
            try copy.finish()
        } catch {
            unlink(path + ".sha256")
            throw error
        }
    }

    private func digestFile() throws -> OutputFile { try OutputFile(path + ".sha256", isNew: true) }
}
