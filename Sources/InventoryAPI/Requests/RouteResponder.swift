internal import Hummingbird
internal import Inventory

/// Makes the checks that the route of a request declares, and calls its handler.
struct RouteResponder: Sendable {
    /// Nil if all routes are for guests.
    let authenticator: Authenticator?
    private let keys = KeysInUse()

    /// Returns the authorization, too, if the response is ``Route/Mark/cacheable``.
    func respond(
        to request: Request, _ context: APIContext
    ) async throws -> (Response, Authorization?) {
        guard let route = context.match.route else {
            return (try context.match.candidates.responseWithoutRoute(to: request), nil)
        }
        var request = request
        try request.checkAccept(route.mediaTypes)
        switch route.access {
        case .guest(let handler):
            request.boundBody(to: route.largestBody, context.channel)
            return (try await handler(request, context), nil)
        case .user(let handler), .supervisor(let handler), .signedInSupervisor(let handler):
            return try await respond(to: request, context, route, handler)
        }
    }

    private func respond(
        to request: Request, _ context: APIContext, _ route: Route,
        _ handler: Route.Handler<UserContext>
    ) async throws -> (Response, Authorization?) {
        guard let authenticator else { throw Problem.notSignedIn }
        let token = try authenticator.token(of: request)
        let (session, authentication) = try await authenticator.authorize(token, route.access)
        let authorized = ContinuousClock.now
        var request = request
        var context = UserContext(request: context, session: session, token: token)
        if route.marks.contains(.idempotent) {
            context.keyedRequest = try KeyedRequest(
                request, of: session.user, at: authenticator.now(), keys)
        }
        request.boundBody(
            to: route.largestBody, context.request.channel, context.keyedRequest
        ) {
            try await authenticator.reauthorize(token, route.access, since: authorized)
        }
        let response = try await handler(request, context)
        return (response, route.marks.contains(.cacheable) ? (token, authentication) : nil)
    }
}
