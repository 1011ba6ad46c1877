package import Credentials
package import Foundation
internal import HTTPTypes
package import Hummingbird
package import Inventory

/// What the server needs to know.
package struct InventoryConfiguration: Sendable {
    /// What a new phone number must pass.
    package var check: NumberCheck
    /// The web pages of other origins that may use the API.
    package var origins: AllowedOrigins
    /// Who is believed about the requests of others.
    package var proxies: [AddressRange]
    package var access: Access
    package var hosts: AllowedHosts
    package var hasher: PasswordHasher
    /// The time by which sessions expire and attempts wait.
    package var now: @Sendable () -> Date
    /// Whether requests had better be sent elsewhere, since the program is about to end.
    package var isStopping: @Sendable () -> Bool

    package init(
        check: NumberCheck = .possible, origins: AllowedOrigins = .some([]),
        proxies: [AddressRange] = [], access: Access = .users,
        hosts: AllowedHosts = .all, hasher: PasswordHasher = PasswordHasher(),
        now: @escaping @Sendable () -> Date = { .now },
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) {
        self.check = check
        self.origins = origins
        self.proxies = proxies
        self.access = access
        self.hosts = hosts
        self.hasher = hasher
        self.now = now
        self.isStopping = isStopping
    }
}

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
    router.add(middleware: LogMiddleware())
    router.add(middleware: HeadersMiddleware())
    router.add(middleware: CORSMiddleware(origins: configuration.origins))
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: LimitsMiddleware())
    if configuration.hosts == .loopback { router.add(middleware: LoopbackMiddleware()) }
    router.add(middleware: MethodMiddleware(routes: routes))
    addRoutes(to: router, store: store, configuration: configuration)
    return router
}

/// The routes without what surrounds them.
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
    PagesController().addRoutes(to: router)
    HealthController(store: store, isStopping: configuration.isStopping).addRoutes(to: router)

    let api = router.group("api/v1").add(middleware: AcceptMiddleware())
    let authentication = AuthenticationMiddleware(
        store: store, access: configuration.access, now: configuration.now)
    let users = api.group().add(middleware: authentication).group(context: UserContext.self)
    let supervisors = users.group(context: SupervisorContext.self)

    DescriptionController().addRoutes(to: api)
    SessionsController(accounts: store, hasher: configuration.hasher, now: configuration.now)
        .addRoutes(to: api, users: users)
    NumbersController(store: store, check: configuration.check)
        .addRoutes(users: users, supervisors: supervisors)
}
