internal import CSQLite
internal import Inventory
internal import Storage

struct SQLiteError: Error, CustomStringConvertible {
    /// The extended result code: https://www.sqlite.org/rescode.html.
    let code: Int32
    let message: String
    /// The statement that failed, without its values.
    let sql: String?

    init(_ code: Int32, _ message: String? = nil, sql: String? = nil) {
        self.code = code
        self.message = message ?? String(cString: sqlite3_errstr(code))
        self.sql = sql
    }

    /// - Parameter connection: The connection that has just returned `code`.
    init(_ code: Int32, on connection: OpaquePointer?, sql: String? = nil) {
        self.init(code, String(cString: sqlite3_errmsg(connection)), sql: sql)
    }

    var primaryCode: Int32 { code & 0xFF }

    var isUniqueViolation: Bool { code == csqlite_constraint_unique }

    /// Whether the disk or its permissions caused the error.
    var isOfDisk: Bool {
        [SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY].contains(primaryCode)
    }

    var description: String {
        "SQLite error \(code): \(message)" + (sql.map { " - while executing `\($0)`" } ?? "")
    }
}

extension SQLiteError: OperatorError {
    var advice: String {
        switch primaryCode {
        case SQLITE_FULL: "The disk is full. Free some space, then try again."
        case SQLITE_IOERR:
            """
            The disk cannot be read or written: it has failed, or a quota or a limit of file sizes is reached.
            """
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            "The database file is damaged. Restore a backup."
        case SQLITE_BUSY, SQLITE_LOCKED:
            "Another program is writing to the database file. Try again when it has ended."
        case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM:
            "The database file cannot be written. Check its owner and permissions."
        case SQLITE_INTERRUPT: "It took too long. Try again when the machine is less busy."
        default: "SQLite reports: \(message)."
        }
    }
}

extension OpeningError {
    init(_ error: SQLiteError, path: String) {
        self =
            switch error.primaryCode {
            case SQLITE_NOTADB, SQLITE_CORRUPT: .notADatabase(path: path)
            case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM: .notWritable(path: path)
            default: .failed(place: path, reason: error.advice)
            }
    }
}
