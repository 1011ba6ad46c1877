internal import Credentials
internal import Hummingbird
internal import Inventory
internal import NIOCore

/// Checks the session and the role again when the whole body has arrived.
///
/// A client may send a body slowly. If its user was signed out or got another role meanwhile, the
/// request is refused.
struct ReauthorizationMiddleware<Context: SignedInContext>: RouterMiddleware {
    let authenticator: Authenticator

    /// How long the first check stays valid.
    ///
    /// A small body arrives with its request, and another check costs a round trip to PostgreSQL.
    private var moment: Duration { .milliseconds(1) }

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let token = context.token?.digest else { return try await next(request, context) }
        var request = request
        let authorized = ContinuousClock.now
        let body = CheckedBody(body: request.body) {
            guard ContinuousClock.now - authorized > moment else { return }
            guard let session = try await authenticator.authenticate(token).session else {
                throw Problem.tokenRefused
            }
            try Context.admit(session.user)
        }
        request.body = RequestBody(asyncSequence: body)
        return try await next(request, context)
    }
}

/// A body that ends only where `check` finds nothing against it.
private struct CheckedBody: AsyncSequence, Sendable {
    let body: RequestBody
    let check: @Sendable () async throws -> Void

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pieces: body.makeAsyncIterator(), check: check)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var pieces: RequestBody.AsyncIterator
        let check: @Sendable () async throws -> Void

        mutating func next() async throws -> ByteBuffer? {
            if let piece = try await pieces.next() { return piece }
            do {
                try await check()
            } catch {
                throw RefusedBody(reason: error)
            }
            return nil
        }
    }
}

/// The body has come whole, and still nothing may be done with it.
struct RefusedBody: Error {
    let reason: any Error
}
