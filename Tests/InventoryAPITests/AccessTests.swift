import Credentials
import Inventory
import InventoryAPI
import StoreTesting
import Testing

/// Which users may use which routes.
@Suite(.stores) struct AccessTests {
    /// The users who may use a route.
    enum Demand: CaseIterable { case nothing, user, supervisor }

    /// A client with some token. `UserTests` and `SessionTests` use tokens that have ended.
    enum Visitor: CaseIterable {
        case guest, wrongToken, garbledToken, otherScheme, salesperson, supervisor

        var role: Role? {
            switch self {
            case .supervisor: .supervisor
            case .salesperson: .salesperson
            default: nil
            }
        }

        var identity: Client.Identity {
            switch self {
            case .guest, .otherScheme: .guest
            case .wrongToken: .bearer(SessionToken.random().text)
            case .garbledToken: .bearer("ctk_banana")
            case .salesperson: .salesperson
            case .supervisor: .supervisor
            }
        }
    }

    struct Route {
        /// Method and path.
        let request: String
        let demand: Demand
        var body: String?
        /// The status of the response to a user who may use the route.
        let status: Int

        var endsTheSession: Bool { request == "DELETE sessions/current" }

        /// Method and path as the router and the description write them.
        var template: (method: String, path: String) {
            let parts = request.split(separator: " ").map(String.init)
            let path = parts[1].hasPrefix("/") ? parts[1] : "/api/v1/" + parts[1]
            let names = ["1": "{id}", "2": "{id}", "not-found": "{name}", "app.js": "{file}"]
            let template = path.split(separator: "/").map { names[String($0)] ?? String($0) }
            return (parts[0], "/" + template.joined(separator: "/"))
        }

        init(_ request: String, _ demand: Demand, body: String? = nil, gives status: Int = 200) {
            self.request = request
            self.demand = demand
            self.body = body
            self.status = status
        }
    }

    private static let routes: [Route] =
        [
            "GET /", "GET /docs", "GET /numbers/1", "GET /changes", "GET /changes/1", "GET /import",
            "GET /people", "GET /console/app.js", "GET /problems/not-found", "GET /livez",
            "GET /readyz", "GET /api/v1", "GET openapi.json",
        ].map { Route($0, .nothing) }
        + [
            "GET sessions/current", "GET numbers", "GET numbers/1", "GET numbers/1/changes",
            "GET numbers/export", "GET currencies", "GET changes", "GET changes/1",
            "GET changes/1/numbers",
        ].map { Route($0, .user) }
        + ["GET users", "GET users/2", "GET users/2/sessions"].map { Route($0, .supervisor) }
        + writes

    private static let writes = [
        Route(
            "POST sessions", .nothing,
            body: #"{"username":"ana","password":"\#(Client.password)"}"#, gives: 201),
        Route("DELETE sessions/current", .user, gives: 204),
        Route("POST numbers/import", .supervisor, body: "[\(Client.other)]"),
        Route("POST numbers", .supervisor, body: Client.other, gives: 201),
        Route("PUT numbers/1", .supervisor, body: Client.good),
        Route("PATCH numbers/1", .supervisor, body: "{}"),
        Route("DELETE numbers/1", .supervisor, gives: 204),
        Route(
            "POST changes", .supervisor,
            body: #"{"select":{"ids":[1]},"set":{"setupPrice":{"to":"9.99"}}}"#, gives: 201),
        Route("POST changes/1/undo", .supervisor, gives: 201),
        Route(
            "POST users", .supervisor,
            body: #"{"username":"dan","role":"supervisor","password":"quiet-41-forests"}"#,
            gives: 201),
        Route("PATCH users/2", .supervisor, body: #"{"role":"supervisor"}"#),
        Route("DELETE users/2", .supervisor, gives: 204),
        Route("DELETE users/2/sessions", .supervisor, gives: 204),
        // 422, because the current password is wrong.
        Route(
            "PUT users/current/password", .user,
            body: #"{"currentPassword":"not this one","newPassword":"quiet-41-forests"}"#,
            gives: 422),
    ]

    @Test func tableHasEveryRouteOfTheRouter() async throws {
        let store = try await Backend.sqliteInMemory.store()
        let routes = inventoryRoutes(store: store).map { "\($0.method) \($0.path)" }
        let expected = Self.routes.map { "\($0.template.method) \($0.template.path)" }
        #expect(routes.sorted() == expected.sorted())
    }

    @Test func descriptionHasThePermissionOfEachRoute() async throws {
        let description = try await Client().description()
        for route in Self.routes {
            let (method, path) = route.template
            // Pages are not described.
            guard let operation = description.operation(method, path) else { continue }
            let responses = try #require(operation["responses"] as? [String: Any])
            let isOpen = (operation["security"] as? [Any])?.isEmpty ?? true
            #expect(isOpen == (route.demand == .nothing), "\(route.request)")
            let unauthorized = responses["401"] as? [String: String]
            #expect(
                (unauthorized == ["$ref": "#/components/responses/Unauthorized"])
                    == (route.demand != .nothing), "\(route.request)")
            #expect(
                (responses["403"] != nil) == (route.demand == .supervisor), "\(route.request)")
        }
    }

    /// A supervisor sends each request to a new inventory, other visitors send all to one.
    @Test(arguments: Visitor.allCases)
    func onlyPermittedVisitorsMayUseTheRoute(visitor: Visitor) async throws {
        var client = try await Client()
        try await client.createGood()
        // The last request ends the session.
        let routes = Self.routes.filter { !$0.endsTheSession }
        for route in routes + Self.routes.filter(\.endsTheSession) {
            if visitor.role == .supervisor {
                client = try await Client()
                try await client.createGood()
            }
            try await check(route, visitor, client)
        }
        if visitor.role != .supervisor {
            let numbers = try await client.store.listNumbers(NumberQuery())
            #expect(numbers.total == 1)
            #expect(numbers.elements.first?.version == 1)
            let users = try await client.store.listUsers().filter { $0.id <= 2 }
            #expect(users.map(\.role) == [.supervisor, .salesperson])
        }
    }

    private func check(_ route: Route, _ visitor: Visitor, _ client: Client) async throws {
        let headers = visitor == .otherScheme ? ["Authorization": "Basic YW5hOnBhc3N3b3Jk"] : [:]
        let response = try await client.send(
            route.request, route.body, headers: headers, as: visitor.identity)
        let comment: Comment = "\(route.request): \(response.text)"
        switch (route.demand, visitor.role) {
        case (.nothing, _), (.user, .some), (.supervisor, .supervisor):
            #expect(response.status == route.status, comment)
        case (_, nil):
            #expect(response.problem.hasPrefix("401 not-signed-in: "), comment)
            let showsNothing = [.guest, .otherScheme].contains(visitor)
            #expect(
                response["WWW-Authenticate"]
                    == (showsNothing ? "Bearer" : #"Bearer error="invalid_token""#), comment)
        case (.supervisor, _):
            let reason = "A salesperson can read the numbers; only a supervisor may do this."
            #expect(response.problem == "403 not-permitted: \(reason)", comment)
        }
    }

    @Test func everybodyIsSupervisorWithoutSignIn() async throws {
        let client = try await Client(configuration: .testing(noAuth: .anyAddress))
        try await client.createGood()
        for route in Self.routes {
            for identity in [Client.Identity.guest, .salesperson, .bearer("nonsense")] {
                let response = try await client.send(route.request, route.body, as: identity)
                // Changed accounts would remain when sign-in is required again.
                let isAccount =
                    route.request.contains(" users") && !route.request.hasPrefix("GET")
                    && !route.request.hasSuffix("/password")
                #expect((response.status == 403) == isAccount, "\(route) \(identity)")
                #expect(response.status != 401, "\(route) \(identity)")
            }
        }
        let current = try await client.send("GET sessions/current", as: .guest)
        #expect(
            current.text
                == #"{"expiresAt":null,"user":{"id":0,"username":"everybody","role":"supervisor"}}"#
        )
    }

    @Test(arguments: [
        (["Authorization": "bearer TOKEN"], 200), (["Authorization": "BEARER  TOKEN "], 200),
        (["Authorization": "Bearer"], 401), (["Authorization": "Bearer TOKEN x"], 401),
        (["Authorization": "TOKEN"], 401), (["Authorization": "Bearer \"TOKEN\""], 401),
        (["X-Authorization": "Bearer TOKEN"], 401), (["Cookie": "token=TOKEN"], 401),
    ])
    func tokenIsInTheAuthorizationHeader(headers: [String: String], status: Int) async throws {
        let client = try await Client()
        let token = try await client.signIn("ana")
        let headers = headers.mapValues { $0.replacing("TOKEN", with: token) }
        let response = try await client.send("GET sessions/current", headers: headers, as: .guest)
        #expect(response.status == status)
    }

    @Test func tokenInTheAddressIsIgnored() async throws {
        let client = try await Client()
        let token = try await client.signIn("ana")
        for name in ["token", "access_token"] {
            let response = try await client.send("GET numbers?\(name)=\(token)", as: .guest)
            #expect(response.status == 401)
            #expect(!response.text.contains(token))
        }
    }
}
