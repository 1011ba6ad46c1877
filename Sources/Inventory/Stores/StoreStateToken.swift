/// Stands for all that a store holds at one moment.
///
/// Two that are equal stand for the same content, whichever program made the changes before; two that
/// differ may do so too. What was read after a state was asked for, and is given again while the state
/// is the same, is never out of date.
package struct StoreStateToken: Equatable, Sendable {
    private let name: String

    /// - Parameter name: What the database calls the state, in ASCII.
    package init(_ name: String) {
        self.name = name
    }

    package static func == (one: StoreStateToken, other: StoreStateToken) -> Bool {
        one.name.hasSameBytes(as: other.name)
    }
}
