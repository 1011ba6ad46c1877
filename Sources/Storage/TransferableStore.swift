package import Inventory

/// A store whose whole content can be moved to another one and back.
///
/// These methods block the thread they are called on.
package protocol TransferableStore: InventoryStore {
    /// Calls `body` with all that the store holds at one moment.
    func withSnapshot<Value>(_ body: (any InventorySnapshot) throws -> Value) throws -> Value

    /// Fills the store, which must be empty, with all that `snapshot` holds: ids, versions, users and
    /// the history stay what they are, and sessions end. All of it or nothing.
    ///
    /// - Parameter progress: Called now and then with how many numbers there are so far.
    /// - Throws: ``TransferError``.
    func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws

    /// Creates very many numbers in one transaction, all of them or none, and returns how many.
    ///
    /// It is many times as quick as creating them row by row, because most indexes are made after
    /// the rows. Who reads goes on meanwhile, who writes waits. Numbers that are there already are
    /// passed over.
    ///
    /// - Parameter mostPresent: How many numbers may be there already. Indexes are made anew for
    ///   those as well, so it pays where they are no more than what is loaded.
    /// - Parameter next: Returns the next numbers, none of which it has returned before, until it
    ///   returns none; it is told how many were created so far.
    /// - Throws: ``InventoryNotEmpty`` where more are there, or any where the store is quick with
    ///   an empty inventory only; and what `next` throws.
    func loadNumbers(
        besideAtMost mostPresent: Int, _ next: (_ count: Int) throws -> [NumberContent]
    ) throws -> Int
}

/// Why a database was not backed up, as a message for the operator.
package struct BackupError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// All that a store held at one moment.
package protocol InventorySnapshot {
    func size() throws -> InventorySize

    /// All users with what their passwords are checked against, in the order of their ids.
    func users() throws -> [(user: User, passwordHash: PasswordHash)]

    /// The numbers whose ids are greater than `id`, in the order of their ids.
    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber]

    /// The changes whose ids are greater than `id`, in the order of their ids.
    func changes(after id: Int64, limit: Int) throws -> [ChangeRecord]

    /// What is written down of single numbers after `last`, in the order of the keys.
    func notes(after last: ChangeEntry.Key, limit: Int) throws -> [ChangeEntry]

    /// What is wrong, as far as the database can find it; `check()` asks for each subject but
    /// ``CheckSubject/values``, which it finds out by itself.
    ///
    /// - Throws: What the database says where it cannot read what is to be looked at.
    func errors(in subject: CheckSubject) throws -> IntegrityErrors
}

/// How much a store holds.
package struct InventorySize: Equatable, Sendable {
    package let numbers: Int
    package let users: Int
    package let changes: Int
    /// How many numbers the changes have changed together.
    package let changedNumbers: Int
    package let lastIDs: LastIDs

    /// The ids that were given last, also where what they were given to was deleted since; 0 where
    /// none was given.
    package struct LastIDs: Equatable, Sendable {
        package let number: Int64
        package let user: Int64
        package let change: Int64

        package init(number: Int64, user: Int64, change: Int64) {
            self.number = number
            self.user = user
            self.change = change
        }
    }

    package init(
        numbers: Int, users: Int, changes: Int, changedNumbers: Int, lastIDs: LastIDs
    ) {
        self.numbers = numbers
        self.users = users
        self.changes = changes
        self.changedNumbers = changedNumbers
        self.lastIDs = lastIDs
    }
}

extension InventorySnapshot {
    /// How many rows fit into memory.
    private var batchCount: Int { 10_000 }

    /// Hands all numbers to `body`, in pieces that fit into memory.
    package func forEachBatch(_ body: ([DIDNumber]) throws -> Void) throws {
        var id: Int64 = 0
        while case let numbers = try numbers(after: id, limit: batchCount), let last = numbers.last
        {
            try body(numbers)
            id = last.id
        }
    }

    /// Hands all changes to `body`, in pieces that fit into memory.
    func forEachBatch(_ body: ([ChangeRecord]) throws -> Void) throws {
        var id: Int64 = 0
        while case let changes = try changes(after: id, limit: batchCount), let last = changes.last
        {
            try body(changes)
            id = last.id
        }
    }

    /// Hands all notes to `body`, in pieces that fit into memory.
    func forEachBatch(_ body: ([ChangeEntry]) throws -> Void) throws {
        var key = ChangeEntry.Key.first
        while case let notes = try notes(after: key, limit: batchCount), let last = notes.last {
            try body(notes)
            key = last.key
        }
    }
}
