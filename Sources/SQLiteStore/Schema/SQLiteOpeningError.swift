internal import CSQLite
internal import Inventory

/// Why an inventory cannot be opened, as a message for the operator.
package enum SQLiteOpeningError: Error, CustomStringConvertible {
    case noFolder(path: String)
    case notADatabase(path: String)
    case notWritable(path: String)
    case newerSchema(path: String)
    case olderSchema(path: String)
    case failed(path: String, reason: String)

    init(_ error: SQLiteError, path: String) {
        switch error.primaryCode {
        case SQLITE_NOTADB, SQLITE_CORRUPT:
            self = .notADatabase(path: path)
        case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM:
            self = .notWritable(path: path)
        default:
            self = .failed(path: path, reason: error.advice)
        }
    }

    package var description: String {
        switch self {
        case .noFolder(let path):
            "The folder \(path) for the database is not there and cannot be made. Check the path."
        case .notADatabase(let path):
            """
            \(path) is not an inventory: it is no SQLite database, or a damaged one. Check the path, or \
            restore a backup.
            """
        case .notWritable(let path):
            "The database file \(path) cannot be opened for writing. Check its owner and permissions."
        case .newerSchema(let path):
            "\(path) was written by a newer carrier than this one. Start that one, or restore a backup."
        case .olderSchema(let path):
            "The tables of \(path) are an older carrier's. Bring them up to date with: carrier migrate"
        case .failed(let path, let reason):
            "The database file \(path) cannot be opened. \(reason)"
        }
    }
}
