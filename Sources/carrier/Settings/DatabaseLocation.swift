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

    private static let example = "an address such as postgres://carrier@db.example/inventory"

    /// - Throws: `InvalidValue`, or ``CommandFailure`` if the password file cannot be read.
    init(_ text: String) throws {
        let path = text.dropFirst("sqlite:".count)
        if text.hasPrefix("sqlite:"), !path.isEmpty, path != ":memory:" {
            self = .sqlite(path: String(path))
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(try Self.address(text))
        } else {
            let expectation = """
                sqlite: and the path of a file, such as sqlite:data/inventory.sqlite, or \(Self.example)
                """
            guard !text.hasPrefix("sqlite:"), let end = text.firstIndex(where: ":@=".contains)
            else { throw InvalidValue(text, mustBe: expectation) }
            // Show only the beginning, because the rest may have a password.
            let beginning = text[..<end].prefix { $0 != "/" }.shortened
            throw InvalidValue("must be \(expectation). It begins with \(beginning)")
        }
    }

    private static func address(_ url: String) throws -> PostgresAddress {
        var address: PostgresAddress
        do throws(PostgresAddress.Malformed) {
            address = try PostgresAddress(url: url)
        } catch {
            throw InvalidValue("must be \(example). \(error.reason)")
        }
        let file = try Settings.databasePasswordFile.value()
        guard !file.isEmpty else { return address }
        address.password = try PasswordSource.read(file, namedBy: Settings.databasePasswordFile)
        return address
    }

    var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let address): address.description
        }
    }

    var isMissingFile: Bool {
        guard case .sqlite(let path) = self else { return false }
        return !FileManager.default.fileExists(atPath: path)
    }

    /// Opens the store for `body`, and closes it even if `body` throws. If `migrates` is false, an
    /// older schema is rejected. Without a logger, warnings go to standard error.
    func withStore<Value>(
        connections: Int = ConnectionPool.standardSize, logger: Logger? = nil,
        migrates: Bool = true, finishes: Bool = false, creates: Bool = false,
        onMigration: @escaping MigrationReport = { _, _ in },
        _ body: (any TransferableStore) async throws -> Value
    ) async throws -> Value {
        let store: any TransferableStore =
            switch self {
            case .sqlite(let path):
                try SQLiteStore(
                    path: path, migrates: migrates, finishes: finishes, creates: creates,
                    onMigration: onMigration)
            case .postgres(let address):
                try await PostgresStore(
                    address, connections: connections, migrates: migrates, finishes: finishes,
                    creates: creates, defersIndexes: logger == nil,
                    onWait: { report(.notice, "waiting for the database", $0, to: logger) },
                    onMigration: onMigration)
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
            // The changes are in the write-ahead log, which is as durable as the database file.
            let reason = CommandFailure(error).description
            report(
                .warning, "the write-ahead log stays beside the database file", reason, to: logger)
        }
        return value
    }

    private func report(
        _ level: Logger.Level, _ event: String, _ reason: String, to logger: Logger?
    ) {
        if let logger {
            logger.log(
                level: level, "\(event)", metadata: ["address": "\(self)", "reason": "\(reason)"])
        } else {
            let text = "\(event.prefix(1).uppercased() + event.dropFirst()) \(self): \(reason)"
            writeToStandardError(text.showingInvisibles(keepsLineBreaks: true) + "\n")
        }
    }
}
