internal import Hummingbird
internal import Inventory

/// Finds the route of a request, makes the checks that the route declares, and calls its handler.
struct RouteResponder: Sendable {
    let routes: RouteTree
    /// Nil if all routes are for guests.
    let authenticator: Authenticator?
    let cache: ResponseCache?
    private let keys = KeysInUse()

    func respond(to request: Request, _ context: APIContext) async throws -> Response {
        let (candidates, parameter) = routes.match(request.uri.path)
        guard let route = candidates.route(for: request.method) else {
            return try candidates.responseWithoutRoute(to: request)
        }
        var (request, context) = (request, context)
        context.parameter = parameter
        context.coreContext.endpointPath.value = route.path
        try request.checkAccept(route.mediaTypes)
        switch route.access {
        case .guest(let handler):
            request.boundBody(to: route.largestBody, context.channel)
            return try await handler(request, context)
        case .user(let handler), .supervisor(let handler), .signedInSupervisor(let handler):
            return try await respond(to: request, context, route, handler)
        }
    }

    private func respond(
        to request: Request, _ context: APIContext, _ route: Route,
        _ handler: Route.Handler<UserContext>
    ) async throws -> Response {
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
        if route.marks.contains(.cacheable), let key = context.request.cacheKey {
            try await cache?.insert(
                response, for: key, of: request, token, authentication, route.path)
        }
        return response
    }
}
