// Depending on which module the compiler loads first, `stat` belongs to this one (MemberImportVisibility).
internal import Dispatch
internal import Foundation
internal import GRDB
internal import Inventory
internal import Storage
internal import Synchronization

/// The file of an open database, and the write-ahead log beside it.
///
/// SQLite reads and writes on where a file was deleted or replaced, and all that it writes is gone
/// when the program ends: https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use.
final class DatabaseFile: Sendable {
    /// Another file is in its place, or none.
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

    /// How long what is only looked up may come from a file that is in its place no more.
    ///
    /// To ask the system each time takes as long as a look-up.
    private static let checkInterval = Duration.milliseconds(20)

    /// How many bytes the disk must have left for the server to be ready.
    private static let leastSpace: UInt64 = 1024 * 1024

    let path: String
    private let identities: [(path: String, identity: Identity?)]
    private let nextCheck = Mutex(ContinuousClock.now)

    /// - Parameter path: Where a database is that is open, so that its log is there.
    init(path: String) {
        self.path = path
        identities = [path, path + "-wal"].map { ($0, Identity(path: $0)) }
    }

    /// Checks it once in a while: for those who ask thousands of times a second.
    ///
    /// - Throws: ``Gone``.
    func checkNowAndThen() throws {
        let now = ContinuousClock.now
        guard nextCheck.withLock({ $0 <= now }) else { return }
        try checkIsSame()
        nextCheck.withLock { $0 = now + Self.checkInterval }
    }

    /// - Throws: ``Gone``.
    func checkIsSame() throws {
        for (path, identity) in identities where Identity(path: path) != identity {
            throw Gone(path: path)
        }
    }

    /// - Throws: `InventoryError.notWritable(reason:)` if the disk is full.
    func checkSpace() throws {
        var status = statvfs()
        // Some file systems do not know their size.
        guard statvfs(path, &status) == 0, status.f_blocks > 0,
            UInt64(status.f_bavail) * UInt64(status.f_frsize) < Self.leastSpace
        else { return }
        throw InventoryError.notWritable(reason: DatabaseError(resultCode: .SQLITE_FULL))
    }

    /// Makes the file, for its owner alone, and the folder that it is in, where they are missing.
    ///
    /// - Throws: ``SQLiteOpeningError/noFolder(path:)``.
    static func make(at path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw SQLiteOpeningError.noFolder(path: folder.path)
        }
        // An empty file is a new database to SQLite, which gives its log the same permissions. Where
        // this fails, opening says why.
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }
}
