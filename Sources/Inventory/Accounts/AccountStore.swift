package import Foundation

/// The users of the inventory and their sessions.
///
/// Each method is one transaction: all of it happens, or nothing.
///
/// Every method throws ``InventoryError/unavailable(reason:)`` while the database is away, busy or
/// full, and any other error only where this program is at error.
package protocol AccountStore: Sendable {
    /// - Throws: ``AccountError/userExists(id:_:)``.
    func createUser(_ draft: UserDraft) async throws -> User

    /// Creates a user unless there is one already, whoever that is, and returns nil then.
    func createFirstUser(_ draft: UserDraft) async throws -> User?

    /// All users, in the order of their names.
    func listUsers() async throws -> [User]

    /// What a password of the user is checked against; nil where there is no such user.
    func passwordHash(of username: Username) async throws -> PasswordHash?

    /// The users of one page, in the order of their names; an empty page past the last.
    ///
    /// - Parameter now: Sessions that have expired by then do not count.
    func listAccounts(_ paging: Paging, now: Date) async throws -> Page<Account>

    /// - Throws: ``AccountError/noSuchUser(_:)``.
    func account(_ id: Int64, now: Date) async throws -> Account

    /// Gives the user another role, which the user's sessions have from then on, or another password,
    /// which ends them; what is nil stays as it is. Returns the user as that leaves it.
    ///
    /// - Parameter now: Sessions that have expired by then do not count.
    /// - Throws: ``AccountError/noSuchUser(_:)`` and ``AccountError/lastSupervisor(_:)``.
    @discardableResult
    func updateUser(
        _ key: UserKey, role: Role?, passwordHash: PasswordHash?, now: Date
    ) async throws -> Account

    /// Gives the user another password in place of the one that was checked, and ends the user's
    /// sessions but for one; returns false where the user is gone, or has another password already.
    func changePassword(
        ofUser id: Int64, from old: PasswordHash, to new: PasswordHash,
        keeping digest: TokenDigest?
    ) async throws -> Bool

    /// Removes the user and ends the user's sessions; returns who that was.
    ///
    /// - Throws: ``AccountError/noSuchUser(_:)`` and ``AccountError/lastSupervisor(_:)``.
    @discardableResult
    func removeUser(_ key: UserKey) async throws -> User

    /// The user's sessions that have not expired by `now`, those first that last longest.
    ///
    /// - Throws: ``AccountError/noSuchUser(_:)``.
    func listSessions(
        ofUser id: Int64, _ paging: Paging, now: Date
    ) async throws -> Page<SessionPeriod>

    /// How many sessions of all users have not expired by `now`.
    func countSessions(now: Date) async throws -> Int

    /// Ends all of the user's sessions; returns whose they were.
    ///
    /// - Throws: ``AccountError/noSuchUser(_:)``.
    func endSessions(ofUser id: Int64) async throws -> User

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
    /// It is nil where the token has no session, or that has expired.
    package let session: Session?
    /// What the store held after it was asked; nil where it cannot tell.
    package let state: StoreStateToken?

    package init(session: Session?, state: StoreStateToken?) {
        self.session = session
        self.state = state
    }
}

extension AccountStore {
    package func authenticateAtOnce(
        _ digest: TokenDigest, now: Date
    ) throws -> Authentication? { nil }

    /// - Throws: ``AccountError/noSuchUser(_:)``.
    package func setPassword(_ hash: PasswordHash, of username: Username) async throws {
        try await updateUser(.username(username), role: nil, passwordHash: hash, now: .now)
    }

    /// - Throws: ``AccountError/noSuchUser(_:)`` and ``AccountError/lastSupervisor(_:)``.
    package func setRole(_ role: Role, of username: Username) async throws {
        try await updateUser(.username(username), role: role, passwordHash: nil, now: .now)
    }

    /// - Throws: ``AccountError/noSuchUser(_:)`` and ``AccountError/lastSupervisor(_:)``.
    package func removeUser(_ username: Username) async throws {
        try await removeUser(.username(username))
    }
}

/// What can be wrong with a change of the users, as a sentence for whoever wants it.
package enum AccountError: Error, Equatable, CustomStringConvertible {
    /// Another user, `id`, has this name. 409.
    case userExists(id: Int64, Username)
    /// Nobody has this name, or this id. 404.
    case noSuchUser(UserKey)
    /// Without this user, nobody could change the inventory any more. 409.
    case lastSupervisor(Username)

    package var description: String {
        switch self {
        case .userExists(_, let username): "There is a user \(username) already."
        case .noSuchUser(let key): "There is no user \(key)."
        case .lastSupervisor(let username):
            "\(username) is the last supervisor; without one, nobody could change the inventory."
        }
    }
}
