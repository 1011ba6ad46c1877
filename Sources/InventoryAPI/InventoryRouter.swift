internal import HTTPTypes
package import Hummingbird
package import Inventory

/// The whole server on one screen: what every request passes, then where it ends.
///
/// - Parameters:
///   - store: Where the numbers are kept.
///   - check: What a new phone number must pass.
///   - origins: The web pages of other origins that may use the API.
package func inventoryRouter(
    store: any NumberStore, check: NumberCheck = .possible, origins: AllowedOrigins = .some([])
) -> Router<APIContext> {
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestIDMiddleware())
    router.add(middleware: LogMiddleware())
    router.add(middleware: HeadersMiddleware())
    router.add(middleware: CORSMiddleware(origins: origins))
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: LimitsMiddleware())
    router.add(middleware: MethodMiddleware(routes: RouteTable(inventoryRoutes(store: store))))
    addRoutes(to: router, store: store, check: check)
    return router
}

/// The routes without what surrounds them.
package func inventoryRoutes(store: any NumberStore) -> [Router<APIContext>.RouteDescription] {
    let router = Router(context: APIContext.self)
    addRoutes(to: router, store: store, check: .possible)
    return router.routes
}

private func addRoutes(to router: Router<APIContext>, store: any NumberStore, check: NumberCheck) {
    PagesController().addRoutes(to: router)
    HealthController(store: store).addRoutes(to: router)
    let api = router.group("api/v1").add(middleware: AcceptMiddleware())
    DescriptionController().addRoutes(to: api)
    NumbersController(store: store, check: check).addRoutes(to: api)
}
