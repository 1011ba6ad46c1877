internal import Credentials
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging

/// Signs users in and out (`/api/v1/sessions`), and changes a user's own password.
struct SessionsController {
    let accounts: any AccountStore
    let hasher: PasswordHasher
    let now: @Sendable () -> Date
    private let throttle = SignInThrottle()

    static let lifetime: TimeInterval = 12 * 60 * 60

    func create(_ request: Request, context: APIContext) async throws -> Response {
        let signIn = try SignIn(await request.objectInput())
        let address = context.clientAddress
        let started = try await throttle.attempt(
            by: signIn.username, from: address, at: now, logger: context.logger
        ) { try await start(signIn) }
        guard let (token, session) = started else {
            // Log no name, because some users type their password there.
            context.logger.notice("sign-in refused", metadata: address.metadata)
            // Unknown names get the same response, so that clients do not learn which names exist.
            throw Problem(
                .signInRefused, "The user name or the password is wrong.",
                headers: [.wwwAuthenticate: "Bearer"])
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

    func get(_ request: Request, context: UserContext) async throws -> Response {
        try request.refuseParameters()
        return Response(json: .object(context.session.members))
    }

    func delete(_ request: Request, context: UserContext) async throws -> Response {
        if let token = context.token { try await accounts.endSession(token) }
        context.logger.info("signed out", metadata: ["user": "\(context.user.username)"])
        return Response(status: .noContent)
    }

    /// Starts a session; returns nil if no user has this name and password.
    private func start(_ signIn: SignIn) async throws -> (SessionToken, Session)? {
        var hash: PasswordHash?
        if let username = signIn.username { hash = try await accounts.passwordHash(of: username) }
        // Verify even without a user, so that timing does not reveal which names exist.
        let isRight = try await hasher.verify(signIn.password, against: hash)
        guard isRight, let username = signIn.username, let hash else { return nil }
        let token = SessionToken.random()
        let now = now()
        let draft = SessionDraft(
            username: username, passwordHash: hash, digest: token.digest,
            expiresAt: now.addingTimeInterval(Self.lifetime))
        return try await accounts.createSession(draft, now: now).map { (token, $0) }
    }

    /// Changes the user's own password, and ends the user's other sessions.
    func changePassword(_ request: Request, context: UserContext) async throws -> Response {
        let change = try PasswordChange(await request.objectInput())
        let (user, address) = (context.user, context.request.clientAddress)
        // The check is throttled like a sign-in, so that a stolen session does not help guessing.
        let hash = try await throttle.attempt(
            by: user.username, from: address, at: now, logger: context.logger
        ) {
            let hash = try await accounts.passwordHash(of: user.username)
            return try await hasher.verify(change.current, against: hash) ? hash : nil
        }
        let metadata = address.metadata.merging(["user": "\(user.username)"]) { $1 }
        guard let hash,
            try await accounts.changePassword(
                ofUser: user.id, from: hash, to: try await hasher.hash(change.new),
                keeping: context.token)
        else {
            context.logger.notice("change of the password refused", metadata: metadata)
            throw PasswordChange.isWrong
        }
        context.logger.info("password changed", metadata: metadata)
        return Response(status: .noContent)
    }
}

extension Session {
    fileprivate var members: JSONMembers {
        [
            ("expiresAt", expiresAt.map { .string($0.formatted(.iso8601)) } ?? .null),
            ("user", .object(user.members)),
        ]
    }
}
