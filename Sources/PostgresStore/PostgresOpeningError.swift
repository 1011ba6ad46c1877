/// Why an inventory cannot be opened, as a sentence for whoever started the program.
package enum PostgresOpeningError: Error, CustomStringConvertible {
    case noConnection(PostgresAddress, reason: String)
    case newerSchema
    case failed(PostgresAddress, reason: String)

    package var description: String {
        switch self {
        case .noConnection(let address, let reason):
            "Cannot connect to the database \(address): \(reason)"
        case .newerSchema:
            "The database was written by a newer carrier than this one. Start that one, or restore a backup."
        case .failed(let address, let reason):
            "The database \(address) cannot be used: \(reason)."
        }
    }
}
