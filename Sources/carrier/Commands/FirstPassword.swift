internal import Credentials
internal import Inventory

/// The first user's password, which the operator gives or the start generates.
struct FirstPassword {
    let given: Password?
    let generated = Password.randomText()
    private let hasher: PasswordHasher
    private var early: Task<PasswordHash, any Error>?

    /// - Parameter isNeeded: Whether there are certainly no users. Computing the hash takes half of
    ///   a first start, so it then begins now, beside the creation of the tables.
    init(given: Password?, hasher: PasswordHasher, isNeeded: Bool) {
        self.given = given
        self.hasher = hasher
        guard isNeeded else { return }
        early = Task { [self] in try await hash() }
    }

    func hash() async throws -> PasswordHash {
        if let early { return try await early.value }
        return try await hasher.hash(given ?? Password(presented: generated))
    }
}
