internal import GRDB
internal import Inventory
internal import Storage

/// Why an inventory cannot be opened, as a message for the operator.
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

extension DatabaseError: OperatorError {
    package var advice: String {
        switch resultCode {
        case .SQLITE_FULL: "The disk is full. Free some space, then try again."
        case .SQLITE_IOERR:
            """
            The disk cannot be read or written: it has failed, or a quota or a limit of file sizes is reached.
            """
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            "The database file is damaged. Restore a backup."
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            "Another program is writing to the database file. Try again when it has ended."
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            "The database file cannot be written. Check its owner and permissions."
        case .SQLITE_INTERRUPT: "It took too long. Try again when the machine is less busy."
        default: "SQLite reports: \(message ?? "error \(resultCode.rawValue)")."
        }
    }
}
