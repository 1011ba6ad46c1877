/// Why an inventory cannot be opened, as a message for the operator.
package enum PostgresOpeningError: Error, CustomStringConvertible {
    case noConnection(PostgresAddress, reason: String)
    case newerSchema
    case olderSchema
    /// Other programs kept the tables locked longer than a migration waits.
    case inUse(migration: String)
    /// A migration takes longer than the statement timeout, which behind a proxy cannot be lifted for it alone.
    case sessionsAreShared(migration: String)
    case failed(PostgresAddress, reason: String)

    package var description: String {
        switch self {
        case .noConnection(let address, let reason):
            "Cannot connect to the database \(address): \(reason)"
        case .newerSchema:
            "The database was written by a newer carrier than this one. Start that one, or restore a backup."
        case .olderSchema:
            "The database has no tables yet, or those of an older carrier. Bring them up to date with: carrier migrate"
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
        case .failed(let address, let reason):
            "The database \(address) cannot be used. \(reason)"
        }
    }
}
