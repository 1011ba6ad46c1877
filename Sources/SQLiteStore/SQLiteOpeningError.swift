internal import GRDB

/// Why an inventory cannot be opened, as a sentence for whoever started the program.
package enum SQLiteOpeningError: Error, CustomStringConvertible {
    case noFolder(path: String)
    case notADatabase(path: String)
    case notWritable(path: String)
    case newerSchema(path: String)
    case olderSchema(path: String)
    case failed(path: String, reason: String)

    init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self = .notADatabase(path: path)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            self = .notWritable(path: path)
        default:
            self = .failed(path: path, reason: error.message ?? "\(error.resultCode)")
        }
    }

    package var description: String {
        switch self {
        case .noFolder(let path):
            "The folder \(path) for the database is not there and cannot be made."
        case .notADatabase(let path):
            "\(path) is not an inventory: it is no SQLite database, or a damaged one."
        case .notWritable(let path):
            "The database file \(path) cannot be opened for writing."
        case .newerSchema(let path):
            "\(path) was written by a newer carrier than this one. Start that one, or restore a backup."
        case .olderSchema(let path):
            "The tables of \(path) are not there yet, or an older carrier's. Bring them up to date with: carrier migrate"
        case .failed(let path, let reason):
            "The database file \(path) cannot be opened: \(reason)."
        }
    }
}
