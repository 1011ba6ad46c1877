internal import HTTPTypes
package import Hummingbird
package import Inventory

/// The whole server on one screen: what every request passes, then where it ends.
///
/// - Parameter store: Where numbers, users and sessions are kept.
package func inventoryRouter(
    store: any InventoryStore, configuration: InventoryConfiguration = .init()
) -> Router<APIContext> {
    let routes = RouteTable(inventoryRoutes(store: store))
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestIDMiddleware())
    router.add(middleware: ForwardedMiddleware(proxies: configuration.proxies))
    router.add(middleware: MetricsMiddleware())
    router.add(middleware: LogMiddleware())
    router.add(middleware: HeadersMiddleware())
    router.add(middleware: CORSMiddleware(origins: configuration.origins))
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: LimitsMiddleware())
    if configuration.hosts == .loopback { router.add(middleware: LoopbackMiddleware()) }
    if configuration.access == .everybody {
        router.add(middleware: OriginMiddleware(origins: configuration.origins))
    }
    router.add(middleware: MethodMiddleware(routes: routes))
    addRoutes(to: router, store: store, configuration: configuration)
    return router
}

/// The routes without the middleware around them.
package func inventoryRoutes(
    store: any InventoryStore
) -> [Router<APIContext>.RouteDescription] {
    let router = Router(context: APIContext.self)
    addRoutes(to: router, store: store, configuration: .init())
    return router.routes
}

private func addRoutes(
    to router: Router<APIContext>, store: any InventoryStore, configuration: InventoryConfiguration
) {
    ConsoleController().addRoutes(to: router)
    ProblemTypesController().addRoutes(to: router)
    HealthController(store: store, isStopping: configuration.isStopping).addRoutes(to: router)

    let api = router.group("api/v1").add(middleware: AcceptMiddleware())
    let authenticator = Authenticator(store: store, configuration: configuration)
    let authentication = AuthenticationMiddleware(authenticator: authenticator)
    let users = api.group().add(middleware: authentication).group(context: UserContext.self)
    let reauthorization = ReauthorizationMiddleware<SupervisorContext>(
        authenticator: authenticator)
    let now = configuration.now
    let supervisors = users.group(context: SupervisorContext.self)
        .add(middleware: reauthorization)
        .add(middleware: IdempotencyMiddleware(now: now))

    // How many sessions somebody has changes with time alone.
    let people = api.group()
        .add(middleware: AuthenticationMiddleware(authenticator: authenticator, mayBeKept: false))
        .group(context: UserContext.self)

    let files = router.group("api/v1")
        .add(middleware: AcceptMiddleware(types: ExportController.mediaTypes))
        // A file's name has the day in it.
        .add(middleware: AuthenticationMiddleware(authenticator: authenticator, mayBeKept: false))
        .group(context: UserContext.self)

    DescriptionController().addRoutes(to: api)
    let hasher = configuration.hasher
    let throttle = SignInThrottle()
    SessionsController(accounts: store, hasher: hasher, throttle: throttle, now: now)
        .addRoutes(to: api, users: users)
    PasswordController(accounts: store, hasher: hasher, throttle: throttle, now: now)
        .addRoutes(
            users: people.group().add(
                middleware: ReauthorizationMiddleware(authenticator: authenticator)))
    UsersController(accounts: store, hasher: hasher, now: now)
        .addRoutes(
            supervisors: people.group(context: SupervisorContext.self)
                .add(middleware: reauthorization))
    NumbersController(store: store, numberCheck: configuration.numberCheck)
        .addRoutes(users: users, supervisors: supervisors)
    CurrenciesController(store: store).addRoutes(users: users)
    ChangesController(store: store).addRoutes(users: users, supervisors: supervisors)
    ImportController(store: store, numberCheck: configuration.numberCheck)
        .addRoutes(supervisors: supervisors)
    ExportController(store: store, now: now).addRoutes(users: files)
}
