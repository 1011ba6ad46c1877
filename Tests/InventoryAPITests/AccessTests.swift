import Credentials
import Foundation
import Hummingbird
import Inventory
import InventoryAPI
import StoreTesting
import Testing

/// Which users may use which routes.
@Suite(.stores) struct AccessTests {
    /// The users who may use a route.
    enum Demand: CaseIterable { case nothing, user, supervisor }

    /// A client with a token of some kind.
    enum Visitor: CaseIterable {
        case guest, wrongToken, garbledToken, otherScheme, expired, signedOut, removed, newPassword,
            salesperson, demoted, supervisor, promoted

        /// The role at the time of the request; nil if the visitor is not signed in.
        var role: Role? {
            switch self {
            case .supervisor, .promoted: .supervisor
            case .salesperson, .demoted: .salesperson
            default: nil
            }
        }
    }

    struct Route: CustomTestStringConvertible {
        /// Method and path.
        let request: String
        let demand: Demand
        var body: String?
        /// The status of the response to a user who may use the route.
        let status: Int

        var testDescription: String { request }

        /// Method and path as in the router and in the description.
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

    private static let routes = [
        Route("GET /", .nothing),
        Route("GET /docs", .nothing),
        Route("GET /numbers/1", .nothing),
        Route("GET /changes", .nothing),
        Route("GET /changes/1", .nothing),
        Route("GET /import", .nothing),
        Route("GET /people", .nothing),
        Route("GET /console/app.js", .nothing),
        Route("GET /problems/not-found", .nothing),
        Route("GET /livez", .nothing),
        Route("GET /readyz", .nothing),
        Route("GET openapi.json", .nothing),
        Route(
            "POST sessions", .nothing,
            body: #"{"username":"ana","password":"\#(Client.password)"}"#, gives: 201),
        Route("GET sessions/current", .user),
        Route("DELETE sessions/current", .user, gives: 204),
        Route("GET numbers", .user),
        Route("GET numbers/export", .user),
        Route("GET currencies", .user),
        Route("POST numbers/import", .supervisor, body: "[\(Client.other)]"),
        Route("GET numbers/1", .user),
        Route("POST numbers", .supervisor, body: Client.other, gives: 201),
        Route("PUT numbers/1", .supervisor, body: Client.good),
        Route("PATCH numbers/1", .supervisor, body: "{}"),
        Route("DELETE numbers/1", .supervisor, gives: 204),
        Route("GET numbers/1/changes", .user),
        Route("GET changes", .user),
        Route(
            "POST changes", .supervisor,
            body: #"{"select":{"ids":[1]},"set":{"setupPrice":{"to":"9.99"}}}"#, gives: 201),
        Route("GET changes/1", .user),
        Route("GET changes/1/numbers", .user),
        Route("POST changes/1/undo", .supervisor, gives: 201),
        Route("GET users", .supervisor),
        Route(
            "POST users", .supervisor,
            body: #"{"username":"dan","role":"supervisor","password":"quiet-41-forests"}"#,
            gives: 201),
        Route("GET users/2", .supervisor),
        Route("PATCH users/2", .supervisor, body: #"{"role":"supervisor"}"#),
        Route("DELETE users/2", .supervisor, gives: 204),
        Route("GET users/2/sessions", .supervisor),
        Route("DELETE users/2/sessions", .supervisor, gives: 204),
        // 422: the current password is wrong.
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

    @Test(arguments: routes)
    func descriptionHasThePermissionOfTheRoute(route: Route) async throws {
        let (method, path) = route.template
        let description = try await Client().description()
        let operation = try #require(description.operation(method, path))
        let responses = try #require(operation["responses"] as? [String: Any])
        let asksForAToken = operation["security"].map { ($0 as? [Any])?.isEmpty == false }
        #expect((asksForAToken ?? false) == (route.demand != .nothing))
        let unauthorized = responses["401"] as? [String: String]
        #expect(
            (unauthorized == ["$ref": "#/components/responses/Unauthorized"])
                == (route.demand != .nothing))
        #expect((responses["403"] != nil) == (route.demand == .supervisor))
    }

    @Test(arguments: routes, Visitor.allCases)
    func onlyPermittedVisitorsMayUseTheRoute(route: Route, visitor: Visitor)
        async throws
    {
        let client = try await Client()
        try await client.createGood()
        let identity = try await client.identity(of: visitor)
        var headers: [String: String] = [:]
        if visitor == .otherScheme { headers["Authorization"] = "Basic YW5hOnBhc3N3b3Jk" }
        let response = try await client.send(
            route.request, route.body, headers: headers, as: identity)
        switch (route.demand, visitor.role) {
        case (.nothing, _), (.user, .some), (.supervisor, .supervisor):
            #expect(response.status == route.status, "\(response.text)")
        case (_, nil):
            #expect(response.problem.hasPrefix("401 not-signed-in: "))
            let showsNothing = [.guest, .otherScheme].contains(visitor)
            #expect(
                response["WWW-Authenticate"]
                    == (showsNothing ? "Bearer" : #"Bearer error="invalid_token""#))
        case (.supervisor, _):
            let reason = "A salesperson can read the numbers; only a supervisor may do this."
            #expect(response.problem == "403 not-permitted: \(reason)")
        }
        // A refused request changes nothing.
        if visitor.role != .supervisor {
            let numbers = try await client.store.listNumbers(NumberQuery())
            #expect(numbers.total == 1)
            #expect(numbers.elements.first?.version == 1)
            let users = try await client.store.listUsers().filter { $0.id <= 2 }
            #expect(users.map(\.role) == [.supervisor, .salesperson])
        }
    }

    @Test func everybodyIsSupervisorWithoutSignIn() async throws {
        let client = try await Client(configuration: .testing(noAuth: .anyAddress))
        try await client.createGood()
        for route in Self.routes {
            for identity in [Client.Identity.guest, .salesperson, .bearer("nonsense")] {
                let response = try await client.send(route.request, route.body, as: identity)
                // Accounts would still exist when sign-in is required again.
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

extension Client {
    /// Creates the session of the visitor and returns its token.
    fileprivate func identity(of visitor: AccessTests.Visitor) async throws -> Identity {
        let store = store
        let eve = Username(stored: "eve")
        func eveSignedIn(as role: Role = .supervisor, seconds: Double = 60) async throws -> Identity
        {
            let draft = UserDraft("eve", role: role)
            _ = try await store.createUser(draft)
            let token = SessionToken.random()
            let session = SessionDraft(
                username: eve, passwordHash: draft.passwordHash, digest: token.digest,
                expiresAt: Date(timeIntervalSinceNow: seconds))
            _ = try #require(try await store.createSession(session, now: .distantPast))
            return .bearer(token.text)
        }
        switch visitor {
        case .guest, .otherScheme: return .guest
        case .supervisor: return .supervisor
        case .salesperson: return .salesperson
        case .wrongToken: return .bearer(SessionToken.random().text)
        case .garbledToken: return .bearer("ctk_banana")
        case .expired: return try await eveSignedIn(seconds: -1)
        case .signedOut:
            let identity = try await eveSignedIn()
            let response = try await send("DELETE sessions/current", as: identity)
            try #require(response.status == 204)
            return identity
        case .removed:
            let identity = try await eveSignedIn()
            try await store.removeUser(eve)
            return identity
        case .newPassword:
            let identity = try await eveSignedIn()
            try await store.setPassword(PasswordHash(stored: "another"), of: eve)
            return identity
        case .demoted:
            let identity = try await eveSignedIn()
            try await store.setRole(.salesperson, of: eve)
            return identity
        case .promoted:
            let identity = try await eveSignedIn(as: .salesperson)
            try await store.setRole(.supervisor, of: eve)
            return identity
        }
    }
}
