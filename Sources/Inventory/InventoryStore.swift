/// All that a store keeps.
package protocol InventoryStore: NumberStore, AccountStore {
    /// Waits for what runs, and lets go of the database.
    func close() async throws
}

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
}

/// All that a store held at one moment.
package protocol InventorySnapshot {
    func size() throws -> InventorySize

    /// By id.
    func users() throws -> [(user: User, passwordHash: PasswordHash)]

    /// By id, beginning after `id`.
    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber]
}

/// How much a store holds.
package struct InventorySize: Equatable, Sendable {
    package let numbers: Int
    package let users: Int
    /// What was given last, to whatever was deleted since; 0 where none was.
    package let lastNumberID: Int64
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

/// Why a store was not filled from another, as a sentence for who wants it.
package enum TransferError: Error, Equatable, CustomStringConvertible {
    case notEmpty(numbers: Int, users: Int)
    /// What arrived is not what was sent, so it was taken back.
    case sizesDiffer(source: InventorySize, target: InventorySize)

    package var description: String {
        switch self {
        case .notEmpty(let numbers, let users):
            "The target has \(numbers) numbers and \(users) users; nothing was copied."
        case .sizesDiffer(let source, let target):
            """
            \(source.numbers) numbers and \(source.users) users were sent, \(target.numbers) and \
            \(target.users) arrived; nothing was copied.
            """
        }
    }
}
