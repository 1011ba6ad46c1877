internal import Inventory

extension InventoryState {
    /// - Parameter version: What SQLite calls the state of the database.
    init(version: Int64) {
        self.init(String(version))
    }
}
