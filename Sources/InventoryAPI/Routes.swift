internal import HTTPTypes
package import Inventory

/// All routes, each with its method, path, permission, handler, and the marks that it needs.
package func inventoryRoutes(
    store: any InventoryStore, configuration: InventoryConfiguration = .init()
) -> [Route] {
    let (hasher, now) = (configuration.hasher, configuration.now)
    let console = ConsoleController(folder: configuration.consoleFiles)
    let health = HealthController(store: store, isStopping: configuration.isStopping)
    let sessions = SessionsController(accounts: store, hasher: hasher, now: now)
    let users = UsersController(accounts: store, hasher: hasher, now: now)
    let numbers = NumbersController(store: store, numberCheck: configuration.numberCheck)
    let changes = ChangesController(store: store)
    let imports = ImportController(store: store, numberCheck: configuration.numberCheck)
    let exports = ExportController(store: store, now: now)
    return [
        Route(.get, "/", .guest(console.page("index.html"))),
        Route(.get, "/numbers/{id}", .guest(console.page("index.html"))),
        Route(.get, "/changes", .guest(console.page("index.html"))),
        Route(.get, "/changes/{id}", .guest(console.page("index.html"))),
        Route(.get, "/import", .guest(console.page("index.html"))),
        Route(.get, "/people", .guest(console.page("index.html"))),
        Route(.get, "/docs", .guest(console.page("index.html"))),
        Route(.get, "/console/{file}", .guest(console.file)),
        Route(.get, "/problems/{name}", .guest(ProblemType.getPage)),
        Route(.get, "/livez", .guest(health.live)),
        Route(.get, "/readyz", .guest(health.ready)),

        Route(.get, "/api/v1", .guest(APIIndex.get)),
        Route(.get, "/api/v1/openapi.json", .guest(OpenAPIDocument.get)),
        Route(.post, "/api/v1/sessions", .guest(sessions.create)),
        Route(.get, "/api/v1/sessions/current", .user(sessions.get)),
        Route(.delete, "/api/v1/sessions/current", .user(sessions.delete)),
        Route(.put, "/api/v1/users/current/password", .user(sessions.changePassword)),

        Route(.get, "/api/v1/users", .supervisor(users.list)),
        Route(.post, "/api/v1/users", .signedInSupervisor(users.create)),
        Route(.get, "/api/v1/users/{id}", .supervisor(users.get)),
        Route(.patch, "/api/v1/users/{id}", .signedInSupervisor(users.update)),
        Route(.delete, "/api/v1/users/{id}", .signedInSupervisor(users.delete)),
        Route(.get, "/api/v1/users/{id}/sessions", .supervisor(users.listSessions)),
        Route(.delete, "/api/v1/users/{id}/sessions", .signedInSupervisor(users.endSessions)),

        Route(.get, "/api/v1/numbers", .user(numbers.list), .cacheable),
        Route(.post, "/api/v1/numbers", .supervisor(numbers.create), .idempotent),
        Route(.get, "/api/v1/numbers/{id}", .user(numbers.get), .cacheable),
        Route(.put, "/api/v1/numbers/{id}", .supervisor(numbers.update)),
        Route(.patch, "/api/v1/numbers/{id}", .supervisor(numbers.update)),
        Route(.delete, "/api/v1/numbers/{id}", .supervisor(numbers.delete)),
        Route(.get, "/api/v1/numbers/{id}/changes", .user(changes.history), .cacheable),
        Route(.get, "/api/v1/numbers/export", .user(exports.get), .fileFormats),
        Route(.post, "/api/v1/numbers/import", .supervisor(imports.create), .idempotent, .fileBody),
        Route(.get, "/api/v1/currencies", .user(numbers.listCurrencies), .cacheable),

        Route(.get, "/api/v1/changes", .user(changes.list), .cacheable),
        Route(.post, "/api/v1/changes", .supervisor(changes.create), .idempotent, .selectionBody),
        Route(.get, "/api/v1/changes/{id}", .user(changes.get), .cacheable),
        Route(.get, "/api/v1/changes/{id}/numbers", .user(changes.numbers), .cacheable),
        Route(.post, "/api/v1/changes/{id}/undo", .supervisor(changes.undo), .idempotent),
    ]
}
