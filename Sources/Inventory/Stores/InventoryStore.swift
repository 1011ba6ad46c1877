/// All that a store keeps.
package protocol InventoryStore: NumberStore, ChangeStore, AccountStore {
    /// Waits for what runs, and lets go of the database.
    func close() async throws
}
