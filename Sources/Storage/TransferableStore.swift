package import Inventory

/// A store whose content can be copied to another one. These methods block their thread.
package protocol TransferableStore: InventoryStore {
    func withSnapshot<Value>(_ body: (any InventorySnapshot) throws -> Value) throws -> Value

    /// Fills the empty store with the content of `snapshot`, but without sessions; or throws and
    /// changes nothing.
    ///
    /// - Parameter progress: Called repeatedly with the count of numbers so far.
    /// - Throws: ``TransferError``.
    func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws

    /// Creates many numbers in one transaction, and returns how many. Skips numbers that exist.
    /// Most indexes are built after all rows, which is faster than updating them row by row.
    /// Writers wait until the commit. On PostgreSQL the table must be empty, and indexes are
    /// dropped only if no other program is connected, because readers would wait too.
    ///
    /// - Parameter mostPresent: How many numbers may exist already (on PostgreSQL always 0). Their
    ///   index entries are rebuilt too, so allow no more than you will create.
    /// - Parameter next: Returns the next numbers, without duplicates, and none at the end. Its
    ///   argument is the count of numbers created so far.
    /// - Throws: ``InventoryNotEmpty`` if more numbers exist, and the errors of `next`.
    func loadNumbers(
        besideAtMost mostPresent: Int, _ next: (_ count: Int) throws -> [NumberContent]
    ) throws -> Int
}
