/// What a file may do to the inventory.
package enum ImportMode: String, CaseIterable, Sendable {
    /// Every number is a new one.
    case create
    /// Every number is there already.
    case update
    /// Numbers that are there are changed, and the others created.
    case upsert
}
