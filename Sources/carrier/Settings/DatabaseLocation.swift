internal import Foundation
internal import Inventory
internal import Logging
internal import PostgresStore
internal import SQLiteStore
internal import Storage

/// Where the inventory is stored; the description has no password.
enum DatabaseLocation: CustomStringConvertible {
    case sqlite(path: String)
    case postgres(PostgresAddress)

    /// - Throws: ``SettingRule``, and ``CommandFailure`` if the file with the password cannot be read.
    init(_ text: String) throws {
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

    private static func address(_ url: String) throws -> PostgresAddress {
        var address: PostgresAddress
        do throws(PostgresAddress.Malformed) {
            address = try PostgresAddress(url: url)
        } catch {
            throw SettingRule(
                "an address such as postgres://carrier@db.example/inventory", reason: error.reason)
        }
        let setting = Settings.databasePasswordFile
        let file = try setting.value()
        guard !file.isEmpty else { return address }
        address.password = try PasswordSource.readFile(file, namedBy: setting.variable)
        return address
    }

    /// The beginning of a text that may have a password; nil if all of it may be shown.
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

    /// Calls `body` with the opened store, and closes it afterwards, also if `body` throws.
    ///
    /// - Parameter logger: It gets warnings; nil for standard error.
    /// - Parameter migrates: False to reject a database whose schema is older.
    /// - Parameter creates: Whether to create the inventory if there is none.
    func withStore<Value>(
        connections: Int = ConnectionPool.standardSize, logger: Logger? = nil,
        migrates: Bool = true, creates: Bool = false,
        onMigration: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (any TransferableStore) async throws -> Value
    ) async throws -> Value {
        let store: any TransferableStore
        switch self {
        case .sqlite(let path):
            store = try SQLiteStore(
                path: path, migrates: migrates, creates: creates, onMigration: onMigration)
        case .postgres(let address):
            store = try await PostgresStore(
                address, connections: connections, migrates: migrates, creates: creates,
                defersIndexes: logger == nil,
                onWait: { reason in
                    Self.report(
                        .notice, "waiting for the database",
                        ["address": "\(address)", "reason": "\(reason)"],
                        "Waiting for the database \(address): \(reason)", to: logger)
                }, onMigration: onMigration)
        }
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
            // The changes are in the log, which is as durable as the database file.
            let reason = CommandFailure(error).description
            Self.report(
                .warning, "the write-ahead log stays beside the database file",
                ["reason": "\(reason)"],
                """
                Warning: Changes stay in the write-ahead log beside the database file. \(reason)
                """, to: logger)
        }
        return value
    }

    private static func report(
        _ level: Logger.Level, _ event: Logger.Message, _ metadata: Logger.Metadata,
        _ text: String, to logger: Logger?
    ) {
        if let logger {
            logger.log(level: level, event, metadata: metadata)
        } else {
            writeToStandardError(text.showingInvisibles(keepsLineBreaks: true) + "\n")
        }
    }
}
