/// What a user may do.
package enum Role: String, CaseIterable, Sendable {
    /// Everything.
    case supervisor
    /// Read the numbers.
    case salesperson
}
