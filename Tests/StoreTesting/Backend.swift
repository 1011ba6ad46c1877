package import Foundation
internal import Inventory
@testable package import PostgresStore
package import SQLiteStore
package import Storage
internal import Testing

/// The stores that every store test runs on.
package enum Backend: String, CaseIterable, Sendable {
    case sqliteInMemory
    case sqliteFile
    case postgres

    private static let postgresURL = ProcessInfo.processInfo.environment["TEST_DATABASE_URL"]
    /// Whether `scripts/with-postgres` has started a server for the tests.
    package static let hasPostgres = postgresURL != nil

    package static let allCases: [Backend] =
        [.sqliteInMemory, .sqliteFile] + (hasPostgres ? [.postgres] : [])

    /// The stores that several programs can open at the same time.
    package static let shared = allCases.filter { $0 != .sqliteInMemory }

    package typealias Open = @Sendable () async throws -> any TransferableStore

    /// An empty store, which is closed when the test ends.
    package func store() async throws -> any TransferableStore { try await database()() }

    /// A function that opens the same new database with each call.
    ///
    /// The stores are closed, and the database is removed, when the test ends.
    package func database() async throws -> Open {
        switch self {
        case .sqliteInMemory: return { try SQLiteStore() }
        case .sqliteFile:
            let path = try await Self.sqlitePath()
            return { try await Self.sqliteStore(at: path) }
        case .postgres:
            let address = try await Self.postgresSchema()
            return { try await Self.postgresStore(at: address) }
        }
    }

    /// The path of a database file in a new folder.
    package static func sqlitePath() async throws -> String {
        try await temporaryFolder().appending(path: "inventory.sqlite").path
    }

    /// A store of the file at `path`, or of a new file.
    package static func sqliteStore(at path: String? = nil) async throws -> SQLiteStore {
        let newPath = path == nil ? try await sqlitePath() : ""
        let store = try SQLiteStore(path: path ?? newPath)
        await StoreScope.current.atEnd { try store.close() }
        return store
    }

    /// A store of the database at `address`, or of a new schema.
    ///
    /// The test fails if a request does not return its connection.
    package static func postgresStore(
        at address: PostgresAddress? = nil
    ) async throws -> PostgresStore {
        let newAddress = address == nil ? try await postgresSchema() : nil
        let store = try await PostgresStore(try #require(address ?? newAddress))
        await StoreScope.current.atEnd {
            let isComplete = try await store.givesAllConnectionsBack()
            #expect(isComplete, "A request has kept a connection.")
            await store.close()
        }
        return store
    }

    /// The address of a new schema, which a store uses like a database of its own.
    package static func postgresSchema() async throws -> PostgresAddress {
        let name = newName
        // All schemas share the extension, so it must be in one that no test removes.
        try await create(
            """
            SELECT pg_advisory_xact_lock(1);
            CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public; CREATE SCHEMA \(name)
            """, drop: "SET client_min_messages = error; DROP SCHEMA \(name) CASCADE")
        return try address("application_name=\(name)&options=-csearch_path%3D\(name),public")
    }

    /// The address of a new database, to which no other client is connected.
    package static func postgresDatabase() async throws -> PostgresAddress {
        let name = newName
        try await create("CREATE DATABASE \(name)", drop: "DROP DATABASE \(name) WITH (FORCE)")
        return try address("dbname=\(name)&application_name=\(name)")
    }

    /// The address of the schema at `address`, but for a new role, which may create tables in it.
    ///
    /// - Parameter privileges: The role's privileges on the tables of the schema.
    package static func postgresRole(
        _ options: String = "", granting privileges: String = "ALL", at address: PostgresAddress
    ) async throws -> PostgresAddress {
        let role = newName
        let schema = try #require(address.url.firstMatch(of: /search_path%3D(test_[0-9a-f_]+)/)).1
        try await create(
            """
            CREATE ROLE \(role) LOGIN \(options); GRANT ALL ON SCHEMA \(schema) TO \(role);
            GRANT \(privileges) ON ALL TABLES IN SCHEMA \(schema) TO \(role)
            """, drop: "DROP OWNED BY \(role); DROP ROLE \(role)")
        return try PostgresAddress(url: address.url.replacing("postgres@", with: "\(role)@"))
    }

    private static var newName: String {
        "test_" + UUID().uuidString.lowercased().replacing("-", with: "_")
    }

    private static func address(_ parameters: String = "") throws -> PostgresAddress {
        let url = postgresURL ?? ""
        return try PostgresAddress(url: url + (url.contains("?") ? "&" : "?") + parameters)
    }

    /// Creates something on the server, and drops it when the test ends.
    private static func create(_ statement: String, drop: String) async throws {
        try await PostgresStore.execute(statement, at: address())
        await StoreScope.current.atEnd { try await PostgresStore.execute(drop, at: address()) }
    }
}

extension PostgresStore {
    /// Runs statements on a new connection, without a time limit.
    ///
    /// The wait blocks no thread that other tests need.
    package static func execute(_ statements: String, at address: PostgresAddress) async throws {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let connection = try Connection(address)
                        connection.hasTimeout = false
                        try connection.execute("SET statement_timeout = 0")
                        try connection.execute(statements)
                    })
            }
        }
    }

    /// Makes each insertion of a number take this long.
    package func delayInsertions(bySeconds seconds: Double) async throws {
        try await Self.execute(
            """
            CREATE FUNCTION delay() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN PERFORM pg_sleep(\(seconds)); RETURN NEW; END $$;
            CREATE TRIGGER delay BEFORE INSERT ON number FOR EACH ROW EXECUTE FUNCTION delay()
            """, at: address)
    }

    /// Waits up to 30 s for all connections, also opening ones, to be idle. False if they are not.
    fileprivate func givesAllConnectionsBack() async throws -> Bool {
        for _ in 0..<1500 {
            if await pool.count == pool.idle.count { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

/// A new folder, which is removed when the test ends.
package func temporaryFolder() async throws -> URL { try await StoreScope.current.folder() }

/// Calls `body` with a new folder and removes it afterwards.
package func withTemporaryFolder<Value: Sendable>(
    _ body: (URL) async throws -> Value
) async throws -> Value {
    try await StoreScope.run { try await body(try await temporaryFolder()) }
}
