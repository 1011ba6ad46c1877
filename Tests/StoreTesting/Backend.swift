package import Foundation
package import Inventory
internal import SQLiteStore

/// The stores that every store test runs on.
package enum Backend: String, CaseIterable, Sendable {
    case sqliteInMemory
    case sqliteFile

    /// Calls `body` with an empty store that ends with the call.
    package func withStore<Value>(
        _ body: (any InventoryStore) async throws -> Value
    ) async throws -> Value {
        switch self {
        case .sqliteInMemory:
            return try await body(try SQLiteStore())
        case .sqliteFile:
            return try await withTemporaryFolder { folder in
                let store = try SQLiteStore(path: folder.appending(path: "inventory.sqlite").path)
                defer { try? store.close() }
                return try await body(store)
            }
        }
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

extension NumberDraft {
    /// A draft from texts that are known to be good.
    package init(
        _ value: String, monthyPrice: String = "0.03", setupPrice: String = "3.40",
        currency: String = "U$"
    ) throws {
        self.init(
            value: try PhoneNumber(value), monthyPrice: try Price(monthyPrice),
            setupPrice: try Price(setupPrice), currency: try Currency(currency))
    }
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
