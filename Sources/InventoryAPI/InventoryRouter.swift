internal import HTTPTypes
package import Hummingbird
package import Inventory

/// All routes on one screen.
///
/// - Parameter store: Where numbers, users and sessions are stored.
package func inventoryRouter(
    store: any InventoryStore, configuration: InventoryConfiguration = .init()
) -> Router<APIContext> {
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    ConsoleController(folder: configuration.consoleFiles).addRoutes(to: router)
    ProblemTypesController().addRoutes(to: router)
    HealthController(store: store, isStopping: configuration.isStopping).addRoutes(to: router)

    let now = configuration.now
    let authenticator = Authenticator(store: store, configuration: configuration)
    let authentication = AuthenticationMiddleware(authenticator: authenticator)
    let reauthorization = ReauthorizationMiddleware<SupervisorContext>(
        authenticator: authenticator)
    let api = router.group("api/v1").add(middleware: AcceptMiddleware())
    let users = api.group().add(middleware: authentication).group(context: UserContext.self)
    let cached = users.group().add(middleware: CacheableMiddleware())
    let supervisors = users.group(context: SupervisorContext.self)
        .add(middleware: reauthorization)
    let keyed = supervisors.group().add(middleware: IdempotencyMiddleware(now: now))
    let files = router.group("api/v1")
        .add(middleware: AcceptMiddleware(types: ExportController.mediaTypes))
        .add(middleware: authentication)
        .group(context: UserContext.self)

    DescriptionController().addRoutes(to: api)
    let hasher = configuration.hasher
    let throttle = SignInThrottle()
    SessionsController(accounts: store, hasher: hasher, throttle: throttle, now: now)
        .addRoutes(to: api, users: users)
    PasswordController(accounts: store, hasher: hasher, throttle: throttle, now: now)
        .addRoutes(
            users: users.group().add(
                middleware: ReauthorizationMiddleware(authenticator: authenticator)))
    UsersController(accounts: store, hasher: hasher, now: now).addRoutes(supervisors: supervisors)
    NumbersController(store: store, numberCheck: configuration.numberCheck)
        .addRoutes(users: cached, supervisors: keyed)
    CurrenciesController(store: store).addRoutes(users: cached)
    ChangesController(store: store).addRoutes(users: cached, supervisors: keyed)
    ImportController(store: store, numberCheck: configuration.numberCheck)
        .addRoutes(supervisors: keyed)
    ExportController(store: store, now: now).addRoutes(users: files)
    return router
}
