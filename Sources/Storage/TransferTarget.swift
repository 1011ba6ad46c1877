package import Inventory

/// An empty store that is being filled, in one transaction: what is left to a store is its SQL.
package protocol TransferTarget {
    func size() throws -> InventorySize
    func insert(_ user: User, _ hash: PasswordHash) throws
    /// Calls `body` with what inserts numbers, whose ids ascend. They need not be indexed and
    /// counted before `body` has returned.
    func load(_ body: (_ insert: ([DIDNumber]) throws -> Void) throws -> Void) throws
    func insert(_ changes: [ChangeRecord]) throws
    func insert(_ notes: [ChangeEntry]) throws
    /// Whatever is created later gets ids beyond these.
    func setLastIDs(_ ids: InventorySize.LastIDs) throws
}

extension TransferTarget {
    /// Takes over all that `snapshot` holds.
    ///
    /// - Parameter progress: Called now and then with how many numbers there are so far.
    /// - Throws: ``TransferError``, after which the transaction must not be committed.
    package func fill(from snapshot: any InventorySnapshot, progress: (Int) -> Void) throws {
        let before = try size()
        guard before.numbers == 0, before.users == 0, before.changes == 0 else {
            throw TransferError.notEmpty(before)
        }
        let source = try snapshot.size()
        for (user, hash) in try snapshot.users() { try insert(user, hash) }
        var count = 0
        try load { insert in
            try snapshot.forEachBatch { (numbers: [DIDNumber]) in
                try insert(numbers)
                count += numbers.count
                progress(count)
            }
        }
        try snapshot.forEachBatch { (changes: [ChangeRecord]) in try insert(changes) }
        try snapshot.forEachBatch { (notes: [ChangeEntry]) in try insert(notes) }
        try setLastIDs(source.lastIDs)
        let after = try size()
        guard after == source else {
            throw TransferError.sizesDiffer(source: source, target: after)
        }
    }
}

/// Why a store was not filled from another, as a sentence for whoever wants it.
package enum TransferError: Error, Equatable, CustomStringConvertible {
    case notEmpty(InventorySize)
    /// What arrived is not what was sent, so it was taken back.
    case sizesDiffer(source: InventorySize, target: InventorySize)

    package var description: String {
        switch self {
        case .notEmpty(let size): "The target has \(size); nothing was copied."
        case .sizesDiffer(let source, let target):
            "\(source) were sent, \(target) arrived; nothing was copied."
        }
    }
}

extension InventorySize: CustomStringConvertible {
    package var description: String {
        changes == 0
            ? "\(numbers) numbers and \(users) users"
            : "\(numbers) numbers, \(users) users and \(changes) changes"
    }
}
