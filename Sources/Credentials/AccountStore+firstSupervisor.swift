package import Inventory

extension AccountStore {
    /// Creates the user `supervisor`; returns nil if the store already has a user.
    ///
    /// - Throws: The errors of the store and of `passwordHash`.
    package func createFirstSupervisor(
        _ passwordHash: () async throws -> PasswordHash
    ) async throws -> User? {
        // Check for users first, because computing a hash at each start would take time.
        guard try await listUsers().isEmpty else { return nil }
        // The method returns nil if another program created a user meanwhile.
        return try await createFirstUser(
            UserDraft(
                username: Username(stored: "supervisor"), role: .supervisor,
                passwordHash: try await passwordHash()))
    }
}

extension Password {
    /// A random text of 20 characters, which has 100 bits.
    package static func randomText() -> String {
        // Without 0, 1, l and o, which look alike, because a user types the password.
        let characters = "abcdefghijkmnpqrstuvwxyz23456789"
        let groups = (0..<4).map { _ in
            String((0..<5).compactMap { _ in characters.randomElement() })
        }
        return groups.joined(separator: "-")
    }
}
