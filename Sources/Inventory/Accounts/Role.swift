/// What a user may do.
package enum Role: String, CaseIterable, Sendable {
    /// A supervisor may do everything.
    case supervisor
    /// A salesperson may read the numbers.
    case salesperson
}
