/// A store whose whole content can be moved to another one and back.
///
/// These methods block the thread they are called on.
package protocol TransferableStore: InventoryStore {
    /// Calls `body` with all that the store holds at one moment.
    func withSnapshot<Value>(_ body: (any InventorySnapshot) throws -> Value) throws -> Value

    /// Fills the store, which must be empty, with all that `snapshot` holds: ids, versions and
    /// users stay what they are, and sessions end. All of it or nothing.
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

/// All that a store held at one moment.
package protocol InventorySnapshot {
    func size() throws -> InventorySize

    /// All users with what their passwords are checked against, in the order of their ids.
    func users() throws -> [(user: User, passwordHash: PasswordHash)]

    /// The numbers whose ids are greater than `id`, in the order of their ids.
    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber]
}

/// How much a store holds.
package struct InventorySize: Equatable, Sendable {
    package let numbers: Int
    package let users: Int
    /// The id that was given last, also where that number was deleted since; 0 where none was given.
    package let lastNumberID: Int64
    /// The same for users.
    package let lastUserID: Int64

    package init(numbers: Int, users: Int, lastNumberID: Int64, lastUserID: Int64) {
        self.numbers = numbers
        self.users = users
        self.lastNumberID = lastNumberID
        self.lastUserID = lastUserID
    }
}

extension InventorySnapshot {
    /// Hands all numbers to `body`, in pieces that fit into memory.
    package func forEachBatch(_ body: ([DIDNumber]) throws -> Void) throws {
        var id: Int64 = 0
        while let numbers = try Optional(numbers(after: id, limit: 10_000)), let last = numbers.last
        {
            try body(numbers)
            id = last.id
        }
    }
}
