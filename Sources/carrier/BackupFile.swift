internal import Crypto
internal import Foundation
internal import Inventory

/// A backup that is there once all of it is written and checked, with its SHA-256 beside it.
///
/// Both files are for their owner alone.
final class BackupFile {
    private let path: String
    private let digestPath: String
    let partialPath: String
    private var isFinished = false

    /// - Throws: ``BackupError`` where a file of one of the names is there, and ``FileError``.
    init(_ path: String) throws {
        self.path = path
        digestPath = path + ".sha256"
        partialPath = path + ".partial"
        for path in [path, digestPath] where FileManager.default.fileExists(atPath: path) {
            throw BackupError("\(path) is there already, and stays as it is.")
        }
        do {
            try Self.make(partialPath)
        } catch {
            isFinished = true
            guard errno == EEXIST else { throw error }
            throw BackupError(
                """
                \(partialPath) is there already: another backup writes it, or was ended. In the \
                second case remove it.
                """)
        }
    }

    deinit {
        if !isFinished { unlink(partialPath) }
    }

    /// - Throws: ``FileError``.
    func finish() throws {
        let digest = try Self.digest(of: partialPath)
        let name = URL(fileURLWithPath: path).lastPathComponent
        try Self.make(digestPath)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: digestPath))
        // As sha256sum writes it.
        try handle.write(contentsOf: Data("\(digest)  \(name)\n".utf8))
        try handle.synchronize()
        try handle.close()
        guard rename(partialPath, path) == 0 else {
            let number = errno
            unlink(digestPath)
            throw FileError("\(path) cannot be written", number)
        }
        isFinished = true
    }

    /// Makes a new file.
    private static func make(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError("\(path) cannot be written", errno) }
        close(descriptor)
    }

    /// The SHA-256 in hexadecimal digits of a file, which is on the disk after.
    private static func digest(of path: String) throws -> String {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        var hash = SHA256()
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            hash.update(data: piece)
        }
        try handle.synchronize()
        try handle.close()
        return hash.finalize().hexadecimal
    }
}
