internal import ArgumentParser
internal import Crypto
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
        } catch SQLiteOpeningError.olderSchema {
            let check = try SQLiteStore.checkPages(path: copy)
            guard check.errors.isEmpty else { throw broken(check) }
            print("The tables are an older carrier's; they were copied, and their pages checked.")
        }
    }

    private func broken(_ check: InventoryCheck) -> CommandFailure {
        CommandFailure(
            "What was copied is broken, so it was not kept:\n"
                + check.lines.joined(separator: "\n"))
    }
}

/// A backup under another name until it is written and checked, with its SHA-256 in a second file.
///
/// Only their owner can read the files.
private final class BackupFile {
    private let path: String
    private let digestPath: String
    let partialPath: String
    /// The files to remove unless all is finished.
    private var unfinished: [String] = []

    /// - Throws: ``CommandFailure``, also if a file with one of the names exists.
    init(_ path: String) throws {
        self.path = path
        digestPath = path + ".sha256"
        partialPath = path + ".partial"
        for path in [path, digestPath] where FileManager.default.fileExists(atPath: path) {
            throw CommandFailure("\(path) is there already, and stays as it is.")
        }
        do {
            _ = try create(partialPath)
        } catch {
            guard errno == EEXIST else { throw error }
            throw CommandFailure(
                """
                \(partialPath) is there already: another backup writes it, or was ended. In the \
                second case remove it.
                """)
        }
    }

    deinit {
        for path in unfinished {
            unlink(path)
            // SQLite leaves its journal if the disk is full.
            unlink(path + "-journal")
        }
    }

    func finish() throws {
        let digest = try flushAndDigest()
        let file = try create(digestPath)
        // As sha256sum writes it.
        let name = URL(fileURLWithPath: path).lastPathComponent
        try file.write(Array("\(digest)  \(name)\n".utf8))
        try file.flush()
        guard rename(partialPath, path) == 0 else {
            throw CommandFailure("\(path) cannot be written", errno)
        }
        unfinished = []
    }

    private func create(_ path: String) throws -> OpenFile {
        let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        unfinished.append(path)
        return file
    }

    /// Returns the SHA-256 in hexadecimal digits.
    private func flushAndDigest() throws -> String {
        let file = try OpenFile(partialPath, O_RDONLY)
        var hash = SHA256()
        while let piece = try file.read() { hash.update(data: piece) }
        try file.flush()
        return hash.finalize().hexadecimal
    }
}
