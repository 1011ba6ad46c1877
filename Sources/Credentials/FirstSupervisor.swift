package import Inventory

/// The first user of an inventory, created if there is none.
package struct FirstSupervisor: Sendable {
    package let user: User
    /// The generated password, to be shown once; nil if the operator gave one.
    package let generatedPassword: GeneratedPassword?
}

/// A random password of 20 characters, which has 100 bits.
package struct GeneratedPassword: Sendable {
    package let text: String

    package init() {
        // Without characters that look like others.
        let characters = "abcdefghijkmnpqrstuvwxyz23456789"
        let groups = (0..<4).map { _ in
            String((0..<5).compactMap { _ in characters.randomElement() })
        }
        text = groups.joined(separator: "-")
    }

    package var password: Password { Password(presented: text) }
}

extension AccountStore {
    /// Creates the user `supervisor`; returns nil if there is a user.
    ///
    /// - Parameter password: Nil for a generated one.
    /// - Throws: The errors of the store, and ``PasswordHasher/Busy``.
    package func createFirstSupervisor(
        _ password: Password?, hasher: PasswordHasher
    ) async throws -> FirstSupervisor? {
        // Check first, because a hash takes time at each start.
        guard try await listUsers().isEmpty else { return nil }
        let generated = GeneratedPassword()
        let draft = UserDraft(
            username: Username(stored: "supervisor"), role: .supervisor,
            passwordHash: try await hasher.hash(password ?? generated.password))
        // Returns nil if another program created a user meanwhile.
        return try await createFirstUser(draft).map { user in
            FirstSupervisor(user: user, generatedPassword: password == nil ? generated : nil)
        }
    }
}
