package protocol InventoryStore: NumberStore, ChangeStore, AccountStore {
    /// Waits for running operations, and closes the database.
    func close() async throws
}

/// Identifies the content of a store at one moment. Equal tokens mean equal content, whichever
/// program changed it; equal content may have different tokens. A response that was read after its
/// token is current while the token is the same.
package struct StoreStateToken: Equatable, Sendable {
    private let name: String

    /// - Parameter name: The database's name for the state, in ASCII.
    package init(_ name: String) {
        self.name = name
    }
}
