package import Inventory

/// An empty store that is filled in one transaction.
package protocol TransferTarget {
    func size() throws -> InventorySize
    func insert(_ user: User, _ hash: PasswordHash) throws
    /// Calls `body` with a function that inserts numbers with ascending ids. They may be indexed and counted after
    /// `body`.
    func load(_ body: (_ insert: ([DIDNumber]) throws -> Void) throws -> Void) throws
    func insert(_ changes: [Change]) throws
    func insert(_ notes: [ChangeEntry]) throws
    /// Later rows get greater ids than these.
    func setLastIDs(_ ids: InventorySize.LastIDs) throws
}

extension TransferTarget {
    /// Copies the content of `snapshot`.
    ///
    /// - Parameter progress: Called repeatedly with the count of numbers so far.
    /// - Throws: ``TransferError``; then the transaction must be rolled back.
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
        try snapshot.forEachBatch { (changes: [Change]) in try insert(changes) }
        try snapshot.forEachBatch { (notes: [ChangeEntry]) in try insert(notes) }
        try setLastIDs(source.lastIDs)
        let after = try size()
        guard after == source else {
            throw TransferError.sizesDiffer(source: source, target: after)
        }
    }
}

/// Why a store was not copied, as a message for the operator.
package enum TransferError: Error, Equatable, CustomStringConvertible {
    case notEmpty(InventorySize)
    /// The copy is incomplete, and was rolled back.
    case sizesDiffer(source: InventorySize, target: InventorySize)

    package var description: String {
        switch self {
        case .notEmpty(let size): "The target has \(size); nothing was copied."
        case .sizesDiffer(let source, let target):
            "\(source) were sent, \(target) arrived; nothing was copied."
        }
    }
}
