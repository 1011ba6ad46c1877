internal import Inventory
internal import Storage

extension StoreStateToken {
    /// - Parameter version: What SQLite calls the state of the database.
    init(version: Int64) {
        self.init(String(version))
    }
}
