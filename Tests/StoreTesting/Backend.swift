package import Foundation
internal import Inventory
@testable package import PostgresStore
internal import SQLiteStore
package import Storage

/// The stores that every store test runs on.
package enum Backend: String, CaseIterable, Sendable {
    case sqliteInMemory
    case sqliteFile
    case postgres

    /// All stores; PostgreSQL only if `scripts/with-postgres` has started one.
    package static let allCases: [Backend] =
        postgresURL == nil
        ? [.sqliteInMemory, .sqliteFile] : [.sqliteInMemory, .sqliteFile, .postgres]

    /// The stores that several programs can open at the same time.
    package static let shared = allCases.filter { $0 != .sqliteInMemory }

    private static let postgresURL = ProcessInfo.processInfo.environment["TEST_DATABASE_URL"]

    package typealias Open = @Sendable () async throws -> any TransferableStore

    /// An empty store, which is closed when the test ends.
    package func store() async throws -> any TransferableStore {
        try await database()()
    }

    /// A function that opens the same new database with each call.
    ///
    /// The stores are closed, and the database is removed, when the test ends.
    package func database() async throws -> Open {
        let open = try await opener()
        return {
            let store = try await open()
            // A store in memory has nothing to close.
            if self != .sqliteInMemory {
                await StoreScope.current.atEnd { try await store.close() }
            }
            return store
        }
    }

    private func opener() async throws -> Open {
        switch self {
        case .sqliteInMemory: return { try SQLiteStore() }
        case .sqliteFile:
            let folder = try await StoreScope.current.folder()
            return { try SQLiteStore(path: folder.appending(path: "inventory.sqlite").path) }
        case .postgres:
            let address = try await Self.postgresSchema()
            return { try await PostgresStore(address) }
        }
    }

    /// Calls `body` with an empty store, which is closed after the call.
    package func withStore<Value: Sendable>(
        _ body: (any TransferableStore) async throws -> Value
    ) async throws -> Value {
        try await StoreScope.run { try await body(try await store()) }
    }

    /// Calls `body` with a function that opens the same new database with each call.
    ///
    /// `body` must close the stores.
    package func withStores<Value: Sendable>(
        _ body: (Open) async throws -> Value
    ) async throws -> Value {
        try await StoreScope.run { try await body(try await opener()) }
    }

    /// Calls `body` with the address of a new schema, which a store uses as a database.
    package static func withPostgresSchema<Value: Sendable>(
        _ body: (PostgresAddress) async throws -> Value
    ) async throws -> Value {
        try await StoreScope.run { try await body(try await postgresSchema()) }
    }

    /// Calls `body` with the address of a new database, to which no other client is connected.
    package static func withPostgresDatabase<Value: Sendable>(
        _ body: (PostgresAddress) async throws -> Value
    ) async throws -> Value {
        let url = postgresURL ?? ""
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "_")
        let address = try PostgresAddress(url: url)
        return try await StoreScope.run {
            try await PostgresStore.execute("CREATE DATABASE \(name)", at: address)
            await StoreScope.current.atEnd {
                try await PostgresStore.execute("DROP DATABASE \(name) WITH (FORCE)", at: address)
            }
            let separator = url.contains("?") ? "&" : "?"
            return try await body(PostgresAddress(url: url + separator + "dbname=\(name)"))
        }
    }

    private static func postgresSchema() async throws -> PostgresAddress {
        let url = postgresURL ?? ""
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "_")
        // All schemas share the extension, so it must not be in a schema that a test removes.
        try await PostgresStore.execute(
            """
            SELECT pg_advisory_xact_lock(1);
            CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public; CREATE SCHEMA \(name)
            """, at: PostgresAddress(url: url))
        await StoreScope.current.atEnd {
            try await PostgresStore.execute(
                "SET client_min_messages = error; DROP SCHEMA \(name) CASCADE",
                at: PostgresAddress(url: url))
        }
        let options = "application_name=\(name)&options=-csearch_path%3D\(name),public"
        return try PostgresAddress(url: url + (url.contains("?") ? "&" : "?") + options)
    }
}

extension PostgresStore {
    /// Runs statements on a new connection.
    package static func execute(_ statements: String, at address: PostgresAddress) async throws {
        try Connection(address).execute(statements)
    }
}

/// Calls `body` with a new folder and removes it afterwards.
package func withTemporaryFolder<Value: Sendable>(
    _ body: (URL) async throws -> Value
) async throws -> Value {
    try await StoreScope.run { try await body(try await StoreScope.current.folder()) }
}
