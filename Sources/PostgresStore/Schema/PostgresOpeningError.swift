/// Why an inventory cannot be opened, as a sentence for whoever started the program.
package enum PostgresOpeningError: Error, CustomStringConvertible {
    case noConnection(PostgresAddress, reason: String)
    case newerSchema
    case olderSchema
    /// Others had the tables for as long as a migration waits for them.
    case inUse(migration: String)
    /// A migration takes longer than statements may, and a proxy does not let that be lifted for it alone.
    case sessionsAreShared(migration: String)
    case failed(PostgresAddress, reason: String)

    package var description: String {
        switch self {
        case .noConnection(let address, let reason):
            "Cannot connect to the database \(address): \(reason)"
        case .newerSchema:
            "The database was written by a newer carrier than this one. Start that one, or restore a backup."
        case .olderSchema:
            "The database's tables are not there yet, or an older carrier's. Bring them up to date with: carrier migrate"
        case .inUse(let migration):
            """
            Others use the database's tables all the time, so the migration "\(migration)" found no moment for \
            them. Nothing was lost; run it again when long transactions, such as a backup, have ended.
            """
        case .sessionsAreShared(let migration):
            """
            The migration "\(migration)" takes longer than a statement may take behind a proxy that lends \
            its sessions to many, such as PgBouncer in mode transaction. Nothing was lost; run carrier \
            migrate with PostgreSQL's own address.
            """
        case .failed(let address, let reason):
            "The database \(address) cannot be used. \(reason)"
        }
    }
}
