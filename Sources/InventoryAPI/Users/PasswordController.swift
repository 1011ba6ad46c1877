internal import Credentials
internal import Foundation
internal import Hummingbird
internal import Inventory
internal import Logging

/// A user's own password: `/api/v1/users/current/password`.
struct PasswordController {
    let accounts: any AccountStore
    let hasher: PasswordHasher
    let throttle: SignInThrottle
    let now: @Sendable () -> Date

    func addRoutes(users: some RouterMethods<UserContext>) {
        users.put("users/current/password", use: replace)
    }

    /// Ends all sessions of the user but this one.
    @Sendable func replace(_ request: Request, context: UserContext) async throws -> Response {
        let change = try PasswordChange(await request.objectInput())
        let user = context.session.user
        // Who has found an open session shall not guess quicker than who has none.
        let hash = try await throttle.attempt(
            by: user.username, from: context.clientAddress, at: now, logger: context.logger
        ) {
            let hash = try await accounts.passwordHash(of: user.username)
            return try await hasher.verify(change.current, against: hash) ? hash : nil
        }
        var metadata = context.clientAddress.metadata
        metadata["user"] = "\(user.username)"
        guard let hash,
            try await accounts.changePassword(
                ofUser: user.id, from: hash, to: try await hasher.hash(change.new),
                keeping: context.token?.digest)
        else {
            context.logger.notice("change of the password refused", metadata: metadata)
            throw PasswordChange.isWrong
        }
        context.logger.info("password changed", metadata: metadata)
        return Response(status: .noContent)
    }
}
