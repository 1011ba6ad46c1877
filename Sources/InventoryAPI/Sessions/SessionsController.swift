internal import Credentials
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging

/// Signing in and out: `/api/v1/sessions`.
struct SessionsController {
    let accounts: any AccountStore
    let hasher: PasswordHasher
    let throttle: SignInThrottle
    let now: @Sendable () -> Date

    /// How long a session lasts, in seconds.
    static let lifetime: TimeInterval = 12 * 60 * 60

    func addRoutes(
        to router: some RouterMethods<APIContext>, users: some RouterMethods<UserContext>
    ) {
        router.post("sessions", use: create)
        users.get("sessions/current", use: get)
        users.delete("sessions/current", use: delete)
    }

    @Sendable func create(_ request: Request, context: APIContext) async throws -> Response {
        let signIn = try SignIn(await request.objectInput())
        let address = context.clientAddress
        let started = try await throttle.attempt(
            by: signIn.username, from: address, at: now, logger: context.logger
        ) { try await start(signIn) }
        guard let (token, session) = started else {
            // The name is left out, because people type their password there.
            context.logger.notice("sign-in refused", metadata: address.metadata)
            throw Problem.signInRefused
        }
        context.logger.info(
            "signed in",
            metadata: address.metadata.merging(["user": "\(session.user.username)"]) { $1 })
        var response = Response(
            status: .created, headers: [.location: request.address("/api/v1/sessions/current")],
            json: .object([("token", .string(token.text))] + session.members))
        response.headers[.cacheControl] = "no-store"
        return response
    }

    @Sendable func get(_ request: Request, context: UserContext) async throws -> Response {
        Response(json: .object(context.session.members))
    }

    @Sendable func delete(_ request: Request, context: UserContext) async throws -> Response {
        if let token = context.token { try await accounts.endSession(token.digest) }
        context.logger.info("signed out", metadata: ["user": "\(context.session.user.username)"])
        return Response(status: .noContent)
    }

    /// Starts a session; nil where there is no user with this name and password.
    private func start(_ signIn: SignIn) async throws -> (SessionToken, Session)? {
        var hash: PasswordHash?
        if let username = signIn.username { hash = try await accounts.passwordHash(of: username) }
        // Also where there is no such user, so that the time of the answer does not tell that.
        let isRight = try await hasher.verify(signIn.password, against: hash)
        guard isRight, let username = signIn.username, let hash else { return nil }
        let token = SessionToken.random()
        let now = now()
        let draft = SessionDraft(
            username: username, passwordHash: hash, digest: token.digest,
            expiresAt: now.addingTimeInterval(Self.lifetime))
        return try await accounts.createSession(draft, now: now).map { (token, $0) }
    }
}

extension Problem {
    /// Says the same where there is no such user, because a guesser shall not learn that.
    fileprivate static let signInRefused = Problem(
        type: .signInRefused, detail: "The user name or the password is wrong.",
        headers: [.wwwAuthenticate: "Bearer"])
}

extension Session {
    fileprivate var members: [(name: String, value: JSONValue)] {
        [
            ("expiresAt", expiresAt.map { .string($0.formatted(.iso8601)) } ?? .null),
            ("user", .object(user.members)),
        ]
    }
}
