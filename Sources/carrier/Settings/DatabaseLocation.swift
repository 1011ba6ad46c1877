internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import Logging
internal import PostgresStore
internal import SQLiteStore
internal import Storage

/// Where the inventory is kept.
///
/// The description leaves out the password.
enum DatabaseLocation: CustomStringConvertible {
    case sqlite(path: String)
    case postgres(PostgresAddress)

    /// - Throws: ``SettingRule``.
    init(_ text: String) throws(SettingRule) {
        let prefix = "sqlite:"
        if text.hasPrefix(prefix), text.count > prefix.count, text != "sqlite::memory:" {
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
        guard text.contains(where: ":@=".contains), !text.hasPrefix("sqlite:") else { return nil }
        return "It begins with \(text.prefix { !":@=/".contains($0) }.shortened)"
    }

    var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let address): address.description
        }
    }

    /// - Throws: ``SQLiteOpeningError``, ``PostgresOpeningError`` and `NoInventory`.
    private func open(
        connections: Int, logger: Logger?, migrates: Bool, creates: Bool,
        onMigration: @escaping @Sendable (String) -> Void
    ) async throws -> any TransferableStore {
        switch self {
        case .sqlite(let path):
            return try SQLiteStore(
                path: path, migrates: migrates, creates: creates, onMigration: onMigration)
        case .postgres(let address):
            return try await PostgresStore(
                address, connections: connections, migrates: migrates, creates: creates,
                onWait: { Self.reportWait(for: address, $0, logger) }, onMigration: onMigration)
        }
    }

    private static func reportWait(
        for address: PostgresAddress, _ reason: String, _ logger: Logger?
    ) {
        if let logger {
            logger.notice(
                "waiting for the database",
                metadata: ["address": "\(address)", "reason": "\(reason)"])
        } else {
            writeLine("Waiting for the database \(address): \(reason)")
        }
    }

    /// Calls `body` with the opened store, and closes it afterwards, also if `body` throws.
    ///
    /// - Parameter connections: How many to PostgreSQL there are at most.
    /// - Parameter logger: Where waiting for the database is reported; nil for standard error.
    /// - Parameter migrates: False to refuse a database whose schema is older.
    /// - Parameter creates: Whether to create the inventory if there is none.
    /// - Parameter onMigration: Called with the name of each migration that was done.
    /// - Throws: ``SQLiteOpeningError``, ``PostgresOpeningError``, `NoInventory`, and what `body` throws.
    func withStore<Value>(
        connections: Int = ConnectionPool.standardSize, logger: Logger? = nil,
        migrates: Bool = true, creates: Bool = false,
        onMigration: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (any TransferableStore) async throws -> Value
    ) async throws -> Value {
        let store = try await open(
            connections: connections, logger: logger, migrates: migrates, creates: creates,
            onMigration: onMigration)
        let value: Value
        do {
            value = try await body(store)
        } catch {
            try? await store.close()
            throw error
        }
        do {
            try await store.close()
        } catch {
            reportLog(error, logger)
        }
        return value
    }

    /// Reports that the write-ahead log could not be written into the file.
    ///
    /// What was done is in the log, which is as durable.
    private func reportLog(_ error: any Error, _ logger: Logger?) {
        let reason = CommandFailure(error).description
        if let logger {
            logger.warning(
                "the write-ahead log stays beside the database file",
                metadata: ["reason": "\(reason)"])
        } else {
            Self.writeLine(
                "Warning: Changes stay in the write-ahead log beside the database file. \(reason)")
        }
    }

    private static func writeLine(_ text: String) {
        let line = text.showingInvisibles(keepsLineBreaks: true) + "\n"
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }
}
