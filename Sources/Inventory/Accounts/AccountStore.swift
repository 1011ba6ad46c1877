package import Foundation

/// Each method is one transaction. It throws ``InventoryError/unavailable(reason:)`` if the
/// database is unreachable, busy or full, and ``AccountError/noSuchUser(_:)`` if no user has the
/// given id or key. Errors other than the documented ones are bugs.
package protocol AccountStore: Sendable {
    /// - Throws: ``AccountError/userExists(id:_:)``.
    func createUser(_ draft: UserDraft) async throws -> User

    /// Returns nil and does nothing if the store has a user.
    func createFirstUser(_ draft: UserDraft) async throws -> User?

    /// All users, by name.
    func listUsers() async throws -> [User]

    /// Returns nil if the user does not exist.
    func passwordHash(of username: Username) async throws -> PasswordHash?

    /// A page of users, by name, each with the number of sessions that are unexpired at `now`.
    func listAccounts(_ paging: Paging, now: Date) async throws -> Page<Account>

    func account(_ id: Int64, now: Date) async throws -> Account

    /// Changes a user's role, password or both. A new password ends the user's sessions.
    ///
    /// - Throws: ``AccountError/lastSupervisor(_:)``.
    @discardableResult
    func updateUser(
        _ key: UserKey, role: Role?, passwordHash: PasswordHash?, now: Date
    ) async throws -> Account

    /// Replaces a password and ends the user's other sessions.
    ///
    /// - Returns: False if the user was removed or no longer has the old password.
    func changePassword(
        ofUser id: Int64, from old: PasswordHash, to new: PasswordHash,
        keeping digest: TokenDigest?
    ) async throws -> Bool

    /// Removes a user and ends the user's sessions.
    ///
    /// - Throws: ``AccountError/lastSupervisor(_:)``.
    @discardableResult
    func removeUser(_ key: UserKey) async throws -> User

    /// The user's unexpired sessions at `now`, the latest expiry first.
    func listSessions(
        ofUser id: Int64, _ paging: Paging, now: Date
    ) async throws -> Page<SessionPeriod>

    func countSessions(now: Date) async throws -> Int

    func endSessions(ofUser id: Int64) async throws -> User

    /// Also deletes expired sessions. Returns nil if the user was removed or has another password.
    func createSession(_ draft: SessionDraft, now: Date) async throws -> Session?

    /// Returns the token's session and the store's state with one query, because each request needs
    /// both.
    func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication

    /// Authenticates without waiting; nil if that is not possible.
    func authenticateAtOnce(_ digest: TokenDigest, now: Date) throws -> Authentication?

    func endSession(_ digest: TokenDigest) async throws
}

extension AccountStore {
    package func authenticateAtOnce(
        _ digest: TokenDigest, now: Date
    ) throws -> Authentication? { nil }
}
