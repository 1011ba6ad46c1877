import Credentials
import Foundation
import InMemoryLogging
import Inventory
import InventoryAPI
import Logging
import StoreTesting
import Testing

/// Management of users, and users' changes of their own password.
@Suite(.stores) struct UserTests {
    private let clock = TestClock()
    private let log = InMemoryLogHandler()
    private let client: Client

    init() async throws {
        client = try await Client(
            configuration: .testing(now: clock.now), logger: .writing(to: log))
    }

    private static let password = "PUT users/current/password"

    @Test(arguments: Backend.allCases)
    func changesOfAUserTakeEffectAtOnce(backend: Backend) async throws {
        let client = try await Client(backend: backend)
        let added = try await client.send(
            "POST users", #"{"username":"eve","role":"salesperson","password":"quiet-41-forests"}"#)
        #expect(added.status == 201)
        let eve = try #require(added["Location"]).replacing("http://localhost", with: "")
        var password = "quiet-41-forests"
        // Ana's request, its status, and then the statuses of eve's requests for numbers and users.
        for (request, body, status, numbers, users) in [
            ("PATCH \(eve)", "{}", 200, 200, 403),
            ("PATCH \(eve)", #"{"role":"supervisor"}"#, 200, 200, 200),
            ("PATCH \(eve)", #"{"role":"salesperson"}"#, 200, 200, 403),
            ("PATCH \(eve)", #"{"password":"lovely-37-rivers"}"#, 200, 401, 401),
            ("DELETE \(eve)/sessions", nil, 204, 401, 401), ("DELETE \(eve)", nil, 204, 401, 401),
        ] {
            let session = Client.Identity.bearer(try await client.signIn("eve", with: password))
            #expect(try await client.status("GET numbers", as: session) == 200)
            #expect(try await client.status(request, body) == status)
            for _ in 0..<2 {
                #expect(try await client.status("GET numbers", as: session) == numbers)
                #expect(try await client.status("GET users", as: session) == users)
            }
            if users == 200 { try await client.createGood(as: session) }
            guard body?.contains("password") == true else { continue }
            #expect(try await client.signIn("eve", password: password).status == 401)
            password = "lovely-37-rivers"
        }
        #expect(try await client.status("DELETE \(eve)") == 404)
        // The changes that eve made keep her name.
        let changes = try await client.send("GET changes")
        #expect(changes.text.contains(#""username":"eve""#))
    }

    @Test func newOwnPasswordEndsOnlyOtherSessions() async throws {
        let (here, there) = (try await client.signIn("bob"), try await client.signIn("bob"))
        let change = #"{"currentPassword":"\#(Client.password)","newPassword":"lovely-37-rivers"}"#
        #expect(try await client.status(Self.password, change, as: .bearer(here)) == 204)
        #expect(try await client.status("GET numbers", as: .bearer(here)) == 200)
        #expect(try await client.status("GET numbers", as: .bearer(there)) == 401)
        #expect(try await client.signIn("bob", password: Client.password).status == 401)
        #expect(try await client.signIn("bob", password: "lovely-37-rivers").status == 201)
        // Other users keep their sessions.
        #expect(try await client.send("GET numbers").status == 200)
        #expect(try await client.status(Self.password, change, as: .bearer(here)) == 422)
    }

    @Test func wrongCurrentPasswordsAreDelayedLikeSignIns() async throws {
        let token = try await client.signIn("ana")
        let guess = #"{"currentPassword":"a guess","newPassword":"lovely-37-rivers"}"#
        for _ in 0..<5 {
            #expect(try await client.status(Self.password, guess, as: .bearer(token)) == 422)
        }
        let early = try await client.send(Self.password, guess, as: .bearer(token))
        #expect(early.problem == "429 too-many-attempts: Too many attempts; try again in 1 s.")
        #expect(early["Retry-After"] == "1")
        // Sign-ins and this request share one count.
        #expect(try await client.signIn("ana", password: Client.password).status == 429)
        #expect(try await client.signIn("bob", password: Client.password).status == 201)
        // An invalid password is no guess, so no delay applies.
        let none = #"{"currentPassword":"a guess","newPassword":"short"}"#
        #expect(try await client.status(Self.password, none, as: .bearer(token)) == 422)
        clock.advance(by: 1)
        let right = #"{"currentPassword":"\#(Client.password)","newPassword":"lovely-37-rivers"}"#
        #expect(try await client.status(Self.password, right, as: .bearer(token)) == 204)
    }

    @Test func expiredSessionsDoNotCount() async throws {
        _ = try await client.signIn("bob")
        // The first session of each user expires in an hour.
        clock.advance(by: 3500)
        #expect(try await client.send("GET users/2").object["sessions"] as? Int == 2)
        let ana = Client.Identity.bearer(try await client.signIn("ana"))
        clock.advance(by: 200)
        #expect(try await client.send("GET users/2", as: ana).object["sessions"] as? Int == 1)
        #expect(try await client.send("GET users/2/sessions", as: ana)["X-Total-Count"] == "1")
    }

    @Test func changesOfUsersAreLoggedWithoutSecrets() async throws {
        let token = try await client.signIn("ana")
        let passwords = #"","newPassword":"silver-8-gardens"}"#
        for (request, body) in [
            (
                "POST users",
                #"{"username":"eve","role":"supervisor","password":"quiet-41-forests"}"#
            ),
            ("PATCH users/3", #"{"role":"salesperson"}"#),
            ("PATCH users/3", #"{"password":"lovely-37-rivers"}"#),
            ("DELETE users/3/sessions", nil), ("DELETE users/3", nil),
            (Self.password, #"{"currentPassword":"wrong-password"# + passwords),
            (Self.password, #"{"currentPassword":""# + Client.password + passwords),
        ] {
            _ = try await client.send(request, body, as: .bearer(token))
        }
        let deeds = log.entries.filter { $0.metadata["user"] == "ana" }
        #expect(
            deeds.map { "\($0.message)" } == [
                "signed in", "user added", "user changed", "user changed and signed out",
                "user signed out", "user removed", "change of the password refused",
                "password changed",
            ])
        #expect(deeds[2].metadata["id"] == .stringConvertible(3))
        #expect(deeds[2].metadata["username"] == "eve")
        #expect(deeds[2].metadata["role"] == "salesperson")
        let hash = try #require(try await client.store.passwordHash(of: Username("ana")))
        for secret in [
            "quiet-41-forests", "lovely-37-rivers", "wrong-password", "silver-8-gardens",
            Client.password, hash.stored, token,
        ] { #expect(!"\(log.entries)".contains(secret)) }
    }
}
