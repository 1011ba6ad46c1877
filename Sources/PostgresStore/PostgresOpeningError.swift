/// Why an inventory cannot be opened, as a sentence for whoever started the program.
package enum PostgresOpeningError: Error, CustomStringConvertible {
    case noConnection(PostgresAddress, reason: String)
    case newerSchema
    case olderSchema
    /// Others had the tables for as long as a migration waits for them.
    case inUse(migration: String)
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
        case .failed(let address, let reason):
            "The database \(address) cannot be used: \(reason)."
        }
    }
}
