package import Inventory

/// A store whose whole content can be copied to another one.
///
/// These methods block their thread.
package protocol TransferableStore: InventoryStore {
    /// Calls `body` with a snapshot of the store.
    func withSnapshot<Value>(_ body: (any InventorySnapshot) throws -> Value) throws -> Value

    /// Fills the empty store with the content of `snapshot`, all of it or nothing. Ids, versions, users and the
    /// history stay the same; sessions end.
    ///
    /// - Parameter progress: Called repeatedly with the count of numbers so far.
    /// - Throws: ``TransferError``.
    func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws

    /// Creates very many numbers in one transaction, all of them or none, and returns how many.
    ///
    /// This is many times as fast as creating them one by one, because most indexes are built after
    /// the rows. Readers continue meanwhile, and writers wait. On PostgreSQL readers wait too if no
    /// other program was connected before. Existing numbers are skipped.
    ///
    /// - Parameter mostPresent: The most existing numbers. Their indexes are rebuilt too, so this
    ///   pays only if they are not more than the new ones.
    /// - Parameter next: Returns the next numbers, without duplicates, and none at the end. Its
    ///   argument is the count of numbers created so far.
    /// - Throws: ``InventoryNotEmpty`` if more numbers exist, or any if the store is only quick
    ///   when empty; and the errors of `next`.
    func loadNumbers(
        besideAtMost mostPresent: Int, _ next: (_ count: Int) throws -> [NumberContent]
    ) throws -> Int
}
