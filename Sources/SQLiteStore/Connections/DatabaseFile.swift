internal import CSQLite
// The compiler attributes `stat` to Dispatch if it loads Dispatch first, and then requires this
// import (MemberImportVisibility).
internal import Dispatch
internal import Foundation
internal import Inventory
internal import Storage
internal import Synchronization

/// The file of an open database, and its write-ahead log. If a file is deleted or replaced, SQLite
/// continues with the old one, and its writes are lost when the program ends:
/// https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use.
final class DatabaseFile: Sendable {
    struct Gone: Error, CustomStringConvertible {
        let path: String

        var description: String {
            "\(path) was deleted or replaced while it was in use: start the program again"
        }
    }

    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t

        init?(path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = status.st_dev
            inode = status.st_ino
        }
    }

    /// How long look-ups may use a replaced file: a check at each look-up would double its time.
    private static let checkInterval = Duration.milliseconds(20)

    /// How many bytes the disk must have left for the server to be ready.
    private static let leastSpace: UInt64 = 1024 * 1024

    let path: String
    private let identities: [(path: String, identity: Identity?)]
    private let nextCheck = Mutex(ContinuousClock.now)

    /// - Parameter path: The file of an open database, whose log exists.
    init(path: String) {
        self.path = path
        identities = [path, path + "-wal"].map { ($0, Identity(path: $0)) }
    }

    func checkOccasionally() throws {
        let now = ContinuousClock.now
        guard nextCheck.withLock({ $0 <= now }) else { return }
        try check()
        nextCheck.withLock { $0 = now + Self.checkInterval }
    }

    func check() throws {
        for (path, identity) in identities where Identity(path: path) != identity {
            throw Gone(path: path)
        }
    }

    func checkSpace() throws {
        var status = statvfs()
        // Some file systems do not report their size, so assume enough space.
        guard statvfs(path, &status) == 0, status.f_blocks > 0,
            UInt64(status.f_bavail) * UInt64(status.f_frsize) < Self.leastSpace
        else { return }
        throw InventoryError.notWritable(reason: SQLiteError(SQLITE_FULL))
    }

    /// Creates the folder and the file if they are missing, for their owner only.
    static func create(at path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw OpeningError.noFolder(path: folder.path)
        }
        // SQLite gives its write-ahead log the same permissions. If `open` fails, SQLite fails too,
        // and its error has the reason.
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    static func hasEmptyLog(_ path: String) -> Bool {
        var status = stat()
        return stat(path + "-wal", &status) != 0 || status.st_size == 0
    }
}
