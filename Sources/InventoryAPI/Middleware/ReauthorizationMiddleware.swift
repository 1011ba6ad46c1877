internal import Credentials
internal import Hummingbird
internal import Inventory
internal import NIOCore

/// Asks once more who sends the request, when all of its body has come.
///
/// A client may take its time to send a body. What it asks for is not done where its user has been
/// given another role meanwhile, or been signed out.
struct ReauthorizationMiddleware<Context: SignedInContext>: RouterMiddleware {
    let authenticator: Authenticator

    /// How soon after the first answer it is the same: a small body is there with its request, and to ask
    /// costs a round trip to PostgreSQL.
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
