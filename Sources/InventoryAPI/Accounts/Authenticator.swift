internal import Credentials
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// What permitted a request: its token, nil if the server requires no sign-in; and the user and the
/// state of the store when the request began.
typealias Authorization = (token: TokenDigest?, authentication: Authentication)

/// Finds the user of a request by its token (RFC 6750).
struct Authenticator: Sendable {
    /// The session of all requests if the server requires no sign-in.
    static let everybody = Session(
        user: User(id: 0, username: Username(stored: "everybody"), role: .supervisor),
        expiresAt: nil)
    /// How long an authorization stays valid while the body arrives. A small body comes with its
    /// head, so it needs no second check, which costs a round trip to PostgreSQL.
    private static let moment = Duration.milliseconds(1)

    private let store: any InventoryStore
    private let requiresSignIn: Bool
    let now: @Sendable () -> Date

    init(store: any InventoryStore, configuration: InventoryConfiguration) {
        self.store = store
        requiresSignIn = configuration.noAuth == .off
        now = configuration.now
    }

    /// The digest of the request's token; nil if the server requires no sign-in.
    func token(of request: Request) throws -> TokenDigest? {
        guard requiresSignIn else { return nil }
        let values = request.headers[values: .authorization]
        guard let value = values.first, value.isASCII else { throw Problem.notSignedIn }
        guard values.count == 1 else {
            throw Problem(.malformedHeader, "Authorization must be given once only.")
        }
        let parts = value.utf8.split(separator: UInt8(ascii: " "))
        guard let scheme = parts.first, String(Substring(scheme)).lowercased() == "bearer" else {
            throw Problem.notSignedIn
        }
        guard parts.count == 2, let token = SessionToken(String(Substring(parts[1]))) else {
            throw Problem.tokenRefused
        }
        return token.digest
    }

    func authenticate(_ token: TokenDigest?) async throws -> Authentication {
        if let token { return try await store.authenticate(token, now: now()) }
        guard !requiresSignIn else { return Authentication(session: nil, state: nil) }
        return Authentication(session: Self.everybody, state: try await store.state())
    }

    /// Like ``authenticate(_:)``, but never waits; nil if the store would have to wait.
    func authenticateAtOnce(_ token: TokenDigest?) throws -> Authentication? {
        guard let token else { return nil }
        return try store.authenticateAtOnce(token, now: now())
    }

    func authorize(
        _ token: TokenDigest?, _ access: Route.Access
    ) async throws -> (Session, Authentication) {
        let authentication = try await authenticate(token)
        guard let session = authentication.session else { throw Problem.tokenRefused }
        try access.check(session.user)
        return (session, authentication)
    }

    /// Authorizes again after a slow upload, since the session and the permission may have changed.
    func reauthorize(
        _ token: TokenDigest?, _ access: Route.Access, since start: ContinuousClock.Instant
    ) async throws {
        guard token != nil, ContinuousClock.now - start > Self.moment else { return }
        _ = try await authorize(token, access)
    }
}

extension Problem {
    static let notSignedIn = Problem(
        .notSignedIn, "Sign in, or send Authorization: Bearer <token>.",
        headers: [.wwwAuthenticate: "Bearer"])

    static let tokenRefused = Problem(
        .notSignedIn, "The token is unknown, or its session has ended. Sign in again.",
        headers: [.wwwAuthenticate: #"Bearer error="invalid_token""#])
}
