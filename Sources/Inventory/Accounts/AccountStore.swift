package import Foundation

/// The users of the inventory and their sessions.
///
/// Each method is one transaction: all of it happens, or nothing.
///
/// Every method throws ``InventoryError/unavailable(reason:)`` while the database is away, busy or
/// full, and any other error only where this program is at fault.
package protocol AccountStore: Sendable {
    /// - Throws: ``AccountError/userExists(_:)``.
    func createUser(_ draft: UserDraft) async throws -> User

    /// Creates a user unless there is one already, whoever that is, and returns nil then.
    func createFirstUser(_ draft: UserDraft) async throws -> User?

    /// All users, in the order of their names.
    func listUsers() async throws -> [User]

    /// What a password of the user is checked against; nil where there is no such user.
    func passwordHash(of username: Username) async throws -> PasswordHash?

    /// Gives the user another password, and ends the user's sessions.
    ///
    /// - Throws: ``AccountError/noSuchUser(_:)``.
    func setPassword(_ hash: PasswordHash, of username: Username) async throws

    /// Gives the user another role, which the user's sessions have from then on.
    ///
    /// - Throws: ``AccountError/noSuchUser(_:)`` and ``AccountError/lastSupervisor(_:)``.
    func setRole(_ role: Role, of username: Username) async throws

    /// Removes the user and ends the user's sessions.
    ///
    /// - Throws: ``AccountError/noSuchUser(_:)`` and ``AccountError/lastSupervisor(_:)``.
    func removeUser(_ username: Username) async throws

    /// Starts a session, and removes those that have expired at `now`.
    ///
    /// Returns nil where the user is gone, or has another password than the one that was checked.
    func createSession(_ draft: SessionDraft, now: Date) async throws -> Session?

    /// Whose session the token belongs to, and what the store holds now: what every request asks first,
    /// so it is one question.
    func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication

    /// The same, where the store can tell without waiting for anything; nil where it cannot.
    func authenticateAtOnce(_ digest: TokenDigest, now: Date) throws -> Authentication?

    /// Ends the session, where there is one.
    func endSession(_ digest: TokenDigest) async throws
}

/// What a store says of a token that was shown.
package struct Authentication: Equatable, Sendable {
    /// Nil where the token has no session, or that has expired.
    package let session: Session?
    /// What the store held after it was asked; nil where it cannot tell.
    package let state: InventoryState?

    package init(session: Session?, state: InventoryState?) {
        self.session = session
        self.state = state
    }
}

extension AccountStore {
    package func authenticateAtOnce(
        _ digest: TokenDigest, now: Date
    ) throws -> Authentication? { nil }

    /// The session that the token belongs to; nil where there is none, or it has expired at `now`.
    package func session(_ digest: TokenDigest, now: Date) async throws -> Session? {
        try await authenticate(digest, now: now).session
    }
}

/// What can be wrong with a change of the users, as a sentence for who wants it.
package enum AccountError: Error, Equatable, CustomStringConvertible {
    /// Another user has this name.
    case userExists(Username)
    case noSuchUser(Username)
    /// Without this user, nobody could change the inventory any more.
    case lastSupervisor(Username)

    package var description: String {
        switch self {
        case .userExists(let username): "There is a user \(username) already."
        case .noSuchUser(let username): "There is no user \(username)."
        case .lastSupervisor(let username):
            "\(username) is the last supervisor; without one, nobody could change the inventory."
        }
    }
}
