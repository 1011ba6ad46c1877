/// Why an inventory cannot be opened. `place` is a file, or an address without its password.
package enum OpeningError: Error, CustomStringConvertible {
    case noFolder(path: String)
    case notADatabase(path: String)
    case notWritable(path: String)
    case noConnection(place: String, reason: String)
    case newerSchema(place: String)
    case olderSchema(place: String)
    /// Other programs kept the tables locked longer than a migration waits.
    case inUse(migration: String)
    /// A migration takes longer than the statement timeout. The timeout cannot be lifted, because a
    /// proxy shares the sessions of the server among its clients.
    case sessionsAreShared(migration: String)
    case failed(place: String, reason: String)

    package var description: String {
        switch self {
        case .noFolder(let path):
            "The folder \(path) for the database does not exist and cannot be created. Check the path."
        case .notADatabase(let path):
            """
            \(path) is not an inventory: it is not a SQLite database, or it is damaged. Check the path, or \
            restore a backup.
            """
        case .notWritable(let path):
            "The database file \(path) cannot be opened for writing. Check its owner and permissions."
        case .noConnection(let place, let reason):
            "Cannot connect to the database \(place): \(reason)"
        case .newerSchema(let place):
            "\(place) was written by a newer carrier than this one. Start the newer one, or restore a backup."
        case .olderSchema(let place):
            """
            \(place) has no tables, or those of an older carrier. Bring them up to date with: carrier migrate
            """
        case .inUse(let migration):
            """
            Other programs used the database's tables all the time, so the migration "\(migration)" could not \
            lock them. No data was lost. Run it again when long transactions, such as a backup, have ended.
            """
        case .sessionsAreShared(let migration):
            """
            The migration "\(migration)" takes longer than a statement may take behind a proxy that lends \
            its sessions to many clients, such as PgBouncer in mode transaction. No data was lost. Run carrier \
            migrate with PostgreSQL's own address.
            """
        case .failed(let place, let reason):
            "The database \(place) cannot be used. \(reason)"
        }
    }
}
