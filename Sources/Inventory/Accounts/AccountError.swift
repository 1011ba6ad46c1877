/// Why a change of users is not possible, with a message for users and the HTTP status.
package enum AccountError: Error, Equatable, CustomStringConvertible {
    /// Another user, `id`, has this name. 409.
    case userExists(id: Int64, Username)
    /// 404.
    case noSuchUser(UserKey)
    /// Without this user, no user could change the inventory. 409.
    case lastSupervisor(Username)

    package var description: String {
        switch self {
        case .userExists(_, let username): "The user \(username) exists already."
        case .noSuchUser(let key): "There is no user \(key)."
        case .lastSupervisor(let username):
            "\(username) is the last supervisor; without one, no user could change the inventory."
        }
    }
}
