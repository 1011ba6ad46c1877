internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import Logging
internal import PostgresStore
internal import SQLiteStore

/// Where the inventory is kept.
///
/// The description leaves out the password.
enum DatabaseLocation: CustomStringConvertible {
    case sqlite(path: String)
    case postgres(PostgresAddress)

    /// - Throws: ``SettingRule``.
    init(_ text: String) throws(SettingRule) {
        let prefix = "sqlite:"
        if text.hasPrefix(prefix), text.count > prefix.count {
            self = .sqlite(path: String(text.dropFirst(prefix.count)))
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(try Self.address(text))
        } else {
            throw SettingRule(
                """
                sqlite: and the path of a file, such as sqlite:data/inventory.sqlite, or an address \
                such as postgres://carrier@db.example/inventory
                """, reason: Self.beginning(of: text))
        }
    }

    /// The same place with the password from the file that the environment names, where it names one.
    ///
    /// - Throws: ``SettingError``.
    func withPassword(from environment: [String: String]) throws -> DatabaseLocation {
        let file = try Settings.databasePasswordFile.value(environment: environment)
        guard case .postgres(let address) = self, !file.isEmpty else { return self }
        return .postgres(
            address.withPassword(
                try PasswordSource.readFile(file, namedBy: Settings.databasePasswordFile.variable)))
    }

    private static func address(_ url: String) throws(SettingRule) -> PostgresAddress {
        do throws(PostgresAddress.Malformed) {
            return try PostgresAddress(url: url)
        } catch {
            throw SettingRule(
                "an address such as postgres://carrier@db.example/inventory", reason: error.reason)
        }
    }

    /// What a message shows of a text that may contain a password; nil for all of it.
    private static func beginning(of text: String) -> String? {
        guard text.contains(where: ":@".contains) else { return nil }
        return "It begins with \(text.prefix { !":@/".contains($0) }.shortened)"
    }

    /// Refuses to make a new file where one is to be read.
    ///
    /// - Throws: `ValidationError`.
    func checkIsThere() throws {
        if case .sqlite(let path) = self, !FileManager.default.fileExists(atPath: path) {
            throw ValidationError("There is no inventory at \(path).")
        }
    }

    var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let address): address.description
        }
    }

    /// - Throws: ``SQLiteOpeningError`` and ``PostgresOpeningError``.
    private func open(
        connections: Int, logger: Logger?, migrates: Bool,
        onMigration: @escaping @Sendable (String) -> Void
    ) async throws -> any TransferableStore {
        switch self {
        case .sqlite(let path):
            return try SQLiteStore(path: path, migrates: migrates, onMigration: onMigration)
        case .postgres(let address):
            return try await PostgresStore(
                address, connections: connections, migrates: migrates,
                onWait: {
                    logger?.notice(
                        "waiting for the database", metadata: ["address": "\(address)"])
                }, onMigration: onMigration)
        }
    }

    /// Calls `body` with the opened store, and closes it after, also where `body` throws.
    ///
    /// - Parameter connections: How many to PostgreSQL there are at most.
    /// - Parameter logger: Is told where the database has to be waited for.
    /// - Parameter migrates: False to refuse a database whose schema is older.
    /// - Parameter onMigration: Told the name of each migration that was done.
    /// - Throws: ``SQLiteOpeningError``, ``PostgresOpeningError``, and what `body` throws.
    func withStore(
        connections: Int = ConnectionPool.standardSize, logger: Logger? = nil,
        migrates: Bool = true,
        onMigration: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (any TransferableStore) async throws -> Void
    ) async throws {
        let store = try await open(
            connections: connections, logger: logger, migrates: migrates, onMigration: onMigration)
        do {
            try await body(store)
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
    }
}
