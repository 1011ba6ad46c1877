package import Inventory

/// The content of a store at one moment.
package protocol InventorySnapshot {
    func size() throws -> InventorySize

    /// All users with their password hashes, in the order of their ids.
    func users() throws -> [(user: User, passwordHash: PasswordHash)]

    /// The numbers whose ids are greater than `id`, in the order of their ids.
    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber]

    /// The changes whose ids are greater than `id`, in the order of their ids.
    func changes(after id: Int64, limit: Int) throws -> [ChangeRecord]

    /// The entries of changes after `last`, in the order of the keys.
    func notes(after last: ChangeEntry.Key, limit: Int) throws -> [ChangeEntry]

    /// The errors that the database finds in any subject but ``CheckSubject/values``.
    ///
    /// - Throws: The database's error if it cannot read the subject.
    func errors(in subject: CheckSubject) throws -> IntegrityErrors
}

/// The counts of a store's rows.
package struct InventorySize: Equatable, Sendable, CustomStringConvertible {
    package let numbers: Int
    package let users: Int
    package let changes: Int
    /// How many numbers all changes have changed together.
    package let changedNumbers: Int
    /// The last ids in ``tablesWithIDs``, even if their rows were deleted; 0 if there was none.
    let lastIDs: [Int64]

    static let tablesWithIDs = ["number", "user", "change"]

    package var description: String {
        changes == 0
            ? "\(numbers) numbers and \(users) users"
            : "\(numbers) numbers, \(users) users and \(changes) changes"
    }
}

extension InventorySnapshot {
    /// How many rows fit into memory.
    private var batchCount: Int { 10_000 }

    package func forEachBatch(_ body: ([DIDNumber]) throws -> Void) throws {
        try forEachBatch(after: 0, numbers, key: \.id, body)
    }

    func forEachBatch(_ body: ([ChangeRecord]) throws -> Void) throws {
        try forEachBatch(after: 0, changes, key: \.id, body)
    }

    func forEachBatch(_ body: ([ChangeEntry]) throws -> Void) throws {
        try forEachBatch(after: .first, notes, key: \.key, body)
    }

    private func forEachBatch<Row, Key>(
        after start: Key, _ next: (_ key: Key, _ limit: Int) throws -> [Row],
        key: (Row) -> Key, _ body: ([Row]) throws -> Void
    ) throws {
        var last = start
        while case let rows = try next(last, batchCount), let row = rows.last {
            try body(rows)
            last = key(row)
        }
    }
}
