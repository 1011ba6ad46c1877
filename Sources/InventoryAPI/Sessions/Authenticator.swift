internal import Foundation
internal import Inventory

/// Finds out whose request it is.
struct Authenticator: Sendable {
    /// Whose the requests are where nobody needs to sign in.
    static let everybody = Session(
        user: User(id: 0, username: Username(stored: "everybody"), role: .supervisor),
        expiresAt: nil)

    private let store: any InventoryStore
    private let access: Access
    private let now: @Sendable () -> Date

    init(store: any InventoryStore, configuration: InventoryConfiguration) {
        self.store = store
        access = configuration.access
        now = configuration.now
    }

    var needsToken: Bool { access == .users }

    /// - Parameter token: What the request shows; nil where nobody needs to sign in.
    func authenticate(_ token: TokenDigest?) async throws -> Authentication {
        if let token { return try await store.authenticate(token, now: now()) }
        guard access == .everybody else { return Authentication(session: nil, state: nil) }
        return Authentication(session: Self.everybody, state: try await store.state())
    }

    /// The same, where the store can tell without waiting for anything; nil where it cannot.
    func authenticateAtOnce(_ token: TokenDigest?) throws -> Authentication? {
        guard let token else { return nil }
        return try store.authenticateAtOnce(token, now: now())
    }
}
