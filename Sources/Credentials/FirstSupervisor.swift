package import Inventory

/// The user that an inventory without users is given, since nobody could sign in to it.
package struct FirstSupervisor: Sendable {
    package let user: User
    /// The password where one had to be made up, to be shown this once; nil where one was given.
    package let generatedPassword: GeneratedPassword?
}

extension AccountStore {
    /// Creates the user `supervisor` where there is no user yet, and returns nil where there is one.
    ///
    /// - Parameter password: The user's password; nil for one that is made up.
    /// - Throws: What the store throws, and ``PasswordHasher/Busy``.
    package func createFirstSupervisor(
        _ password: Password?, hasher: PasswordHasher
    ) async throws -> FirstSupervisor? {
        // Asked first because a hash takes time, which only the first start needs to spend.
        guard try await listUsers().isEmpty else { return nil }
        let generated = GeneratedPassword()
        let draft = UserDraft(
            username: Username(stored: "supervisor"), role: .supervisor,
            passwordHash: try await hasher.hash(password ?? generated.password))
        // There is a user after all where another program was quicker meanwhile.
        return try await createFirstUser(draft).map { user in
            FirstSupervisor(user: user, generatedPassword: password == nil ? generated : nil)
        }
    }
}
