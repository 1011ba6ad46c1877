internal import Foundation
internal import Inventory
package import Storage

/// Operations for commands that do not change the file. Its schema may be older than the program's.
/// Opening a store would migrate the file.
extension SQLiteStore {
    /// Copies the inventory into `copy`, an empty file, without its sessions.
    ///
    /// - Throws: ``OpeningError``, `NoInventory` and ``SQLiteError``.
    package static func backUp(_ path: String, to copy: String) throws {
        try withFile(path) { source, _ in
            let copy = try SharedConnection(path: copy)
            try copy.use { copy in
                try source.read { try $0.backUp(to: copy) }
                // Without a write-ahead log, the file alone is complete, also while it is read.
                try copy.runScript("PRAGMA journal_mode = DELETE; DELETE FROM session")
            }
        }
    }

    /// - Parameter onlyPages: Whether to check only the pages and the references. Then the schema
    ///   may be older.
    /// - Throws: ``OpeningError``, and `NoInventory`.
    package static func check(path: String, onlyPages: Bool = false) throws -> InventoryCheck {
        try withFile(path) { connection, migrator in
            if !onlyPages { try migrator.check(connection) }
            let subjects = onlyPages ? [.storage, .references] : CheckSubject.allCases
            return try connection.read { $0.check(subjects) }
        }
    }

    static func withFile<Value>(
        _ path: String, _ body: (SharedConnection, Migrator) throws -> Value
    ) throws -> Value {
        guard FileManager.default.fileExists(atPath: path) else { throw NoInventory(at: path) }
        let migrator = Migrator(path: path)
        let connection: SharedConnection
        do {
            // A read-only connection does not parse CHECK constraints, so it could not check them.
            connection = try SharedConnection(path: path)
            try migrator.checkExists(connection)
        } catch let error as SQLiteError {
            throw OpeningError(error, path: path)
        }
        return try body(connection, migrator)
    }
}
