import Credentials
import Foundation
import Hummingbird
import Inventory
import InventoryAPI
import StoreTesting
import Testing

/// Who may do what.
@Suite struct AccessTests {
    /// Who must send a request to a route.
    enum Demand: CaseIterable {
        case nothing, user, supervisor
    }

    /// Somebody who sends a request.
    enum Visitor: CaseIterable {
        case guest, wrongToken, garbledToken, otherScheme, expired, signedOut, removed,
            newPassword, salesperson, demoted, supervisor, promoted

        /// The role at the time of the request; nil for somebody who is not signed in.
        var role: Role? {
            switch self {
            case .supervisor, .promoted: .supervisor
            case .salesperson, .demoted: .salesperson
            default: nil
            }
        }
    }

    struct Route: CustomTestStringConvertible {
        let method: String
        let path: String
        let demand: Demand
        var body: String?
        /// What the route answers to those who may use it.
        let status: Int

        var testDescription: String { "\(method) \(path)" }

        init(
            _ method: String, _ path: String, _ demand: Demand, body: String? = nil,
            gives status: Int = 200
        ) {
            self.method = method
            self.path = path
            self.demand = demand
            self.body = body
            self.status = status
        }
    }

    private static let routes = [
        Route("GET", "/", .nothing),
        Route("GET", "/docs", .nothing),
        Route("GET", "/numbers/1", .nothing),
        Route("GET", "/changes", .nothing),
        Route("GET", "/changes/1", .nothing),
        Route("GET", "/import", .nothing),
        Route("GET", "/people", .nothing),
        Route("GET", "/console/app.js", .nothing),
        Route("GET", "/problems/not-found", .nothing),
        Route("GET", "/livez", .nothing),
        Route("GET", "/readyz", .nothing),
        Route("GET", "/api/v1/openapi.json", .nothing),
        Route(
            "POST", "/api/v1/sessions", .nothing,
            body: #"{"username":"ana","password":"\#(Client.password)"}"#, gives: 201),
        Route("GET", "/api/v1/sessions/current", .user),
        Route("DELETE", "/api/v1/sessions/current", .user, gives: 204),
        Route("GET", "/api/v1/numbers", .user),
        Route("GET", "/api/v1/numbers/export", .user),
        Route("GET", "/api/v1/currencies", .user),
        Route(
            "POST", "/api/v1/numbers/import", .supervisor,
            body: "[\(Client.good.replacing("4321", with: "4322"))]"),
        Route("GET", "/api/v1/numbers/1", .user),
        Route(
            "POST", "/api/v1/numbers", .supervisor,
            body: Client.good.replacing("4321", with: "4322"), gives: 201),
        Route("PUT", "/api/v1/numbers/1", .supervisor, body: Client.good),
        Route("PATCH", "/api/v1/numbers/1", .supervisor, body: "{}"),
        Route("DELETE", "/api/v1/numbers/1", .supervisor, gives: 204),
        Route("GET", "/api/v1/numbers/1/changes", .user),
        Route("GET", "/api/v1/changes", .user),
        Route(
            "POST", "/api/v1/changes", .supervisor,
            body: #"{"select":{"ids":[1]},"set":{"setupPrice":{"to":"9.99"}}}"#, gives: 201),
        Route("GET", "/api/v1/changes/1", .user),
        Route("GET", "/api/v1/changes/1/numbers", .user),
        Route("POST", "/api/v1/changes/1/undo", .supervisor, gives: 201),
        Route("GET", "/api/v1/users", .supervisor),
        Route(
            "POST", "/api/v1/users", .supervisor,
            body: #"{"username":"dan","role":"supervisor","password":"quiet-41-forests"}"#,
            gives: 201),
        Route("GET", "/api/v1/users/2", .supervisor),
        Route("PATCH", "/api/v1/users/2", .supervisor, body: #"{"role":"supervisor"}"#),
        Route("DELETE", "/api/v1/users/2", .supervisor, gives: 204),
        Route("GET", "/api/v1/users/2/sessions", .supervisor),
        Route("DELETE", "/api/v1/users/2/sessions", .supervisor, gives: 204),
        // The password is not that of all of them, which is found out by those alone who may try.
        Route(
            "PUT", "/api/v1/users/current/password", .user,
            body: #"{"currentPassword":"not this one","newPassword":"quiet-41-forests"}"#,
            gives: 422),
    ]

    /// The table has every route that there is, and no other.
    @Test func knowsEveryRoute() async throws {
        try await Backend.sqliteInMemory.withStore { store in
            let described = inventoryRoutes(store: store).map { route in
                "\(route.method) \(route.path)".replacing("users/{id}", with: "users/2")
                    .replacing("{id}", with: "1")
                    .replacing("{name}", with: "not-found").replacing("{file}", with: "app.js")
            }
            #expect(Set(described) == Set(Self.routes.map { "\($0.method) \($0.path)" }))
            #expect(described.count == Self.routes.count)
        }
    }

    @Test(arguments: routes)
    func isDescribed(route: Route) async throws {
        try await Client.with { client in
            let document = try await client.send("GET", "/api/v1/openapi.json").object
            let paths = try #require(document["paths"] as? [String: [String: Any]])
            let path = route.path.replacing("/numbers/1", with: "/numbers/{id}")
                .replacing("/changes/1", with: "/changes/{id}")
                .replacing("/users/2", with: "/users/{id}")
                .replacing("/not-found", with: "/{name}").replacing("/app.js", with: "/{file}")
            let operation = try #require(
                paths[path]?[route.method.lowercased()] as? [String: Any])
            let responses = try #require(operation["responses"] as? [String: Any])
            let asksForAToken = operation["security"].map { ($0 as? [Any])?.isEmpty == false }
            #expect((asksForAToken ?? false) == (route.demand != .nothing))
            let unauthorized = responses["401"] as? [String: String]
            #expect(
                (unauthorized == ["$ref": "#/components/responses/Unauthorized"])
                    == (route.demand != .nothing))
            #expect((responses["403"] != nil) == (route.demand == .supervisor))
        }
    }

    @Test(arguments: routes, Visitor.allCases)
    func letsInWhoMay(route: Route, visitor: Visitor) async throws {
        try await Client.with { client in
            try await client.createGood()
            let identity = try await client.identity(of: visitor)
            var headers: [String: String] = [:]
            if visitor == .otherScheme { headers["Authorization"] = "Basic YW5hOnBhc3N3b3Jk" }
            let answer = try await client.send(
                route.method, route.path, body: route.body, headers: headers, as: identity)
            switch (route.demand, visitor.role) {
            case (.nothing, _), (.user, .some), (.supervisor, .supervisor):
                #expect(answer.status == route.status, "\(answer.text)")
            case (_, nil):
                #expect(answer.status == 401)
                #expect(answer.object["type"] as? String == "/problems/not-signed-in")
                let showsNothing = [.guest, .otherScheme].contains(visitor)
                #expect(
                    answer["WWW-Authenticate"]
                        == (showsNothing ? "Bearer" : #"Bearer error="invalid_token""#))
            case (.supervisor, _):
                #expect(answer.status == 403)
                #expect(
                    answer.detail
                        == "A salesperson can read the numbers; only a supervisor may do this.")
            }
            // A request that was refused has changed nothing.
            if visitor.role != .supervisor {
                let numbers = try await client.store.listNumbers(NumberQuery())
                #expect(numbers.total == 1)
                #expect(numbers.elements.first?.version == 1)
                let users = try await client.store.listUsers().filter { $0.id <= 2 }
                #expect(users.map(\.role) == [.supervisor, .salesperson])
            }
        }
    }

    @Test func everybodyIsSupervisorWhereNobodyNeedsToSignIn() async throws {
        try await Client.with(configuration: .testing(access: .everybody)) { client in
            try await client.createGood()
            for route in Self.routes {
                for identity in [Client.Identity.guest, .salesperson, .bearer("nonsense")] {
                    let answer = try await client.send(
                        route.method, route.path, body: route.body, as: identity)
                    // An account would outlast the time in which nobody signs in.
                    let isAccount =
                        route.path.hasPrefix("/api/v1/users") && route.method != "GET"
                        && !route.path.hasSuffix("/password")
                    #expect((answer.status == 403) == isAccount, "\(route) \(identity)")
                    #expect(answer.status != 401, "\(route) \(identity)")
                }
            }
            let current = try await client.send("GET", "/api/v1/sessions/current", as: .guest)
            #expect(
                current.text
                    == #"{"expiresAt":null,"user":{"id":0,"username":"everybody","role":"supervisor"}}"#
            )
        }
    }

    @Test(arguments: [
        (["Authorization": "bearer TOKEN"], 200), (["Authorization": "BEARER  TOKEN "], 200),
        (["Authorization": "Bearer"], 401), (["Authorization": "Bearer TOKEN x"], 401),
        (["Authorization": "TOKEN"], 401), (["Authorization": "Bearer \"TOKEN\""], 401),
        (["X-Authorization": "Bearer TOKEN"], 401), (["Cookie": "token=TOKEN"], 401),
    ])
    func readsTheHeader(headers: [String: String], status: Int) async throws {
        try await Client.with { client in
            let token = try await client.signIn("ana")
            let headers = headers.mapValues { $0.replacing("TOKEN", with: token) }
            let answer = try await client.send(
                "GET", "/api/v1/sessions/current", headers: headers, as: .guest)
            #expect(answer.status == status)
        }
    }

    @Test func takesNoTokenFromTheAddress() async throws {
        try await Client.with { client in
            let token = try await client.signIn("ana")
            for name in ["token", "access_token"] {
                let answer = try await client.send(
                    "GET", "/api/v1/numbers?\(name)=\(token)", as: .guest)
                #expect(answer.status == 401)
                #expect(!answer.text.contains(token))
            }
        }
    }
}

extension Client {
    /// What the visitor shows, after all has happened that makes it this kind of visitor.
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
            let answer = try await send("DELETE", "/api/v1/sessions/current", as: identity)
            try #require(answer.status == 204)
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
