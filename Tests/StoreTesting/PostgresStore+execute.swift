@testable package import PostgresStore

extension PostgresStore {
    /// Runs statements on a connection of their own.
    package static func execute(_ statements: String, at address: PostgresAddress) async throws {
        let connection = try Connection(address)
        connection.hasTimeout = false
        try connection.execute(statements)
    }
}
