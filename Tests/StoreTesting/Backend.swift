package import Foundation
package import Inventory
package import PostgresStore
internal import SQLiteStore
package import Storage

/// The stores that every store test runs on.
package enum Backend: String, CaseIterable, Sendable {
    case sqliteInMemory
    case sqliteFile
    case postgres

    /// All stores; PostgreSQL only where `scripts/with-postgres` has started one.
    package static let allCases: [Backend] =
        postgresURL == nil
        ? [.sqliteInMemory, .sqliteFile] : [.sqliteInMemory, .sqliteFile, .postgres]

    /// Those that several programs can open at once.
    package static let shared = allCases.filter { $0 != .sqliteInMemory }

    private static let postgresURL = ProcessInfo.processInfo.environment["TEST_DATABASE_URL"]

    /// Calls `body` with an empty store that ends with the call.
    package func withStore<Value>(
        _ body: (any TransferableStore) async throws -> Value
    ) async throws -> Value {
        guard self != .sqliteInMemory else { return try await body(try SQLiteStore()) }
        return try await withStores { open in
            let store = try await open()
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(store))
            } catch {
                result = .failure(error)
            }
            try await store.close()
            return try result.get()
        }
    }

    /// Calls `body` with a function that opens one new database, again and again.
    package func withStores<Value>(
        _ body: (_ open: @escaping @Sendable () async throws -> any TransferableStore) async throws
            -> Value
    ) async throws -> Value {
        switch self {
        case .sqliteInMemory, .sqliteFile:
            return try await withTemporaryFolder { folder in
                let path = folder.appending(path: "inventory.sqlite").path
                return try await body { try SQLiteStore(path: path) }
            }
        case .postgres:
            return try await Self.withPostgresSchema { address in
                try await body { try await PostgresStore(address) }
            }
        }
    }

    /// Calls `body` with the address of a schema of its own, which to a store is a new database.
    package static func withPostgresSchema<Value>(
        _ body: (PostgresAddress) async throws -> Value
    ) async throws -> Value {
        await gate.enter()
        let result: Result<Value, any Error>
        do {
            result = .success(try await withNewPostgresSchema(body))
        } catch {
            result = .failure(error)
        }
        await gate.leave()
        return try result.get()
    }

    /// Tests run side by side, and each store has ten connections: a few at a time, or all of them
    /// wait.
    private static let gate = Gate(places: 6)

    /// Calls `body` with the address of a new database, to which no other client is connected.
    package static func withPostgresDatabase<Value>(
        _ body: (PostgresAddress) async throws -> Value
    ) async throws -> Value {
        let url = postgresURL ?? ""
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "_")
        let address = try PostgresAddress(url: url)
        try await PostgresStore.execute("CREATE DATABASE \(name)", at: address)
        let result: Result<Value, any Error>
        do {
            let separator = url.contains("?") ? "&" : "?"
            result = .success(
                try await body(PostgresAddress(url: url + separator + "dbname=\(name)")))
        } catch {
            result = .failure(error)
        }
        try await PostgresStore.execute("DROP DATABASE \(name) WITH (FORCE)", at: address)
        return try result.get()
    }

    private static func withNewPostgresSchema<Value>(
        _ body: (PostgresAddress) async throws -> Value
    ) async throws -> Value {
        let url = postgresURL ?? ""
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "_")
        // The extension is one for the whole database, so it cannot be in a schema that goes away.
        try await PostgresStore.execute(
            """
            SELECT pg_advisory_xact_lock(1);
            CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public; CREATE SCHEMA \(name)
            """, at: PostgresAddress(url: url))
        let options = "application_name=\(name)&options=-csearch_path%3D\(name),public"
        let separator = url.contains("?") ? "&" : "?"
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(PostgresAddress(url: url + separator + options)))
        } catch {
            result = .failure(error)
        }
        try await PostgresStore.execute(
            "SET client_min_messages = error; DROP SCHEMA \(name) CASCADE",
            at: PostgresAddress(url: url))
        return try result.get()
    }
}

/// Lets a few in at a time.
private actor Gate {
    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) {
        self.places = places
    }

    func enter() async {
        guard places == 0 else {
            places -= 1
            return
        }
        // Who leaves hands the place over.
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Calls `body` with a new folder, and removes it after.
package func withTemporaryFolder<Value>(
    _ body: (URL) async throws -> Value
) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory
        .appending(path: "carrier-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

extension NumberContent {
    /// A content from texts that are known to be good.
    package init(
        _ value: String, monthyPrice: String = "0.03", setupPrice: String = "3.40",
        currency: String = "U$"
    ) throws {
        self.init(
            value: try PhoneNumber(value), monthyPrice: try Price(monthyPrice),
            setupPrice: try Price(setupPrice), currency: try Currency(currency))
    }

    /// A number that was stored before Benin changed its numbers.
    package static let former = NumberContent(
        value: PhoneNumber(storedDigits: "22995123456", formatted: "+229 95 12 34 56"),
        monthyPrice: Price(storedTenThousandths: 300),
        setupPrice: Price(storedTenThousandths: 34_000), currency: Currency(storedSymbol: "U$"))
}

extension UserDraft {
    /// A draft from a name that is known to be good.
    package init(
        _ username: String, role: Role = .supervisor, passwordHash: String = "a hash"
    ) {
        self.init(
            username: Username(stored: username), role: role,
            passwordHash: PasswordHash(stored: passwordHash))
    }
}

extension TokenDigest {
    /// 32 times `byte`.
    package init(repeating byte: UInt8) {
        self.init(bytes: Array(repeating: byte, count: 32))
    }
}
