package import Inventory

/// A store whose content can be copied to another one. These methods block their thread.
package protocol TransferableStore: InventoryStore {
    func withSnapshot<Value>(_ body: (any InventorySnapshot) throws -> Value) throws -> Value

    /// Fills the empty store with the content of `snapshot`, or throws and changes nothing. Sessions are not copied.
    ///
    /// - Parameter progress: Called repeatedly with the count of numbers so far.
    /// - Throws: ``TransferError``.
    func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws

    /// Creates many numbers in one transaction, and returns how many. Existing numbers are skipped.
    /// Most indexes are built after the rows, which takes a fraction of the time. Writers wait
    /// meanwhile. On PostgreSQL readers wait too if no other program was connected before.
    ///
    /// - Parameter mostPresent: The most existing numbers. Their indexes are rebuilt too, so this
    ///   pays only if they are not more than the new ones.
    /// - Parameter next: Returns the next numbers, without duplicates, and none at the end. Its
    ///   argument is the count of numbers created so far.
    /// - Throws: ``InventoryNotEmpty`` if more numbers exist (on PostgreSQL: any), and the errors of `next`.
    func loadNumbers(
        besideAtMost mostPresent: Int, _ next: (_ count: Int) throws -> [NumberContent]
    ) throws -> Int
}
