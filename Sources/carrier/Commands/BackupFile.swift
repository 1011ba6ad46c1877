internal import Crypto
internal import Foundation
internal import Inventory
internal import Storage

/// A backup that is there once all of it is written and checked, with its SHA-256 beside it.
///
/// Both files are for their owner alone.
final class BackupFile {
    private let path: String
    private let digestPath: String
    let partialPath: String
    /// The files that are removed unless all is finished.
    private var unfinished: [String] = []

    /// - Throws: ``BackupError`` if a file with one of the names exists, and ``FileError``.
    init(_ path: String) throws {
        self.path = path
        digestPath = path + ".sha256"
        partialPath = path + ".partial"
        for path in [path, digestPath] where FileManager.default.fileExists(atPath: path) {
            throw BackupError("\(path) is there already, and stays as it is.")
        }
        do {
            _ = try make(partialPath)
        } catch {
            guard errno == EEXIST else { throw error }
            throw BackupError(
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

    /// - Throws: ``FileError``.
    func finish() throws {
        let digest = try Self.digest(of: partialPath)
        let name = URL(fileURLWithPath: path).lastPathComponent
        let file = try make(digestPath)
        // As sha256sum writes it.
        try file.write(Array("\(digest)  \(name)\n".utf8), of: digestPath)
        guard fsync(file.fileDescriptor) == 0, rename(partialPath, path) == 0 else {
            throw FileError("\(path) cannot be written", errno)
        }
        unfinished = []
    }

    /// Makes a new file.
    private func make(_ path: String) throws -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError("\(path) cannot be written", errno) }
        unfinished.append(path)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Returns the SHA-256 of a file in hexadecimal digits, after it was flushed to the disk.
    private static func digest(of path: String) throws -> String {
        let file = try InputFile(path)
        var hash = SHA256()
        while let piece = try file.read() { hash.update(data: piece) }
        try file.synchronize()
        return hash.finalize().hexadecimal
    }
}
