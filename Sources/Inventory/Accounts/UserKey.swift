/// Which user is meant.
package enum UserKey: Hashable, Sendable, CustomStringConvertible {
    case id(Int64)
    case username(Username)

    /// What follows "user" in a sentence.
    package var description: String {
        switch self {
        case .id(let id): "with id \(id)"
        case .username(let username): username.description
        }
    }
}
