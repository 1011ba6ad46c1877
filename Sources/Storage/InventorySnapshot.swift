package import Inventory

/// The content of a store at one moment. Lists are in the order of ids or keys.
package protocol InventorySnapshot {
    func size() throws -> InventorySize

    func users() throws -> [(user: User, passwordHash: PasswordHash)]

    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber]

    func changes(after id: Int64, limit: Int) throws -> [Change]

    func notes(after last: ChangeEntry.Key, limit: Int) throws -> [ChangeEntry]

    /// The errors that the database finds in any subject but ``CheckSubject/values``.
    ///
    /// - Throws: The database's error if it cannot read the subject.
    func errors(in subject: CheckSubject) throws -> IntegrityErrors
}

package struct InventorySize: Equatable, Sendable, CustomStringConvertible {
    package let numbers: Int
    package let users: Int
    package let changes: Int
    /// The sum over all changes of how many numbers each of them changed.
    package let changedNumbers: Int
    /// The last id that each of ``tablesWithIDs`` assigned, even to a deleted row; 0 if none.
    let lastIDs: [Int64]

    static let tablesWithIDs = ["number", "user", "change"]

    package var description: String {
        let count = { (count: Int, noun: String) in "\(count) \(noun)" + (count == 1 ? "" : "s") }
        let (numbers, users) = (count(numbers, "number"), count(users, "user"))
        return changes == 0
            ? "\(numbers) and \(users)" : "\(numbers), \(users) and \(count(changes, "change"))"
    }
}

/// Calls `body` with all rows of a snapshot, in batches that fit into memory.
func forEachBatch<Row, Key>(
    of next: (_ key: Key, _ limit: Int) throws -> [Row], after start: Key, key: (Row) -> Key,
    _ body: ([Row]) throws -> Void
) throws {
    var last = start
    while case let rows = try next(last, 10_000), let row = rows.last {
        try body(rows)
        last = key(row)
    }
}
