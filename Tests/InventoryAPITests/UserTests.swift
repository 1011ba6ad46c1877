import Credentials
import Foundation
import InMemoryLogging
import Inventory
import InventoryAPI
import Logging
import StoreTesting
import Testing

/// People, as supervisors manage them, and everybody's own password.
@Suite struct UserTests {
    private static let users = "/api/v1/users"
    private static let numbers = "/api/v1/numbers"
    private static let password = "/api/v1/users/current/password"

    private func status(
        _ client: Client, _ method: String, _ path: String, _ body: String? = nil,
        as token: String
    ) async throws -> Int {
        try await client.send(method, path, body: body, as: .bearer(token)).status
    }

    @Test(arguments: Backend.allCases)
    func whatIsChangedOfAUserActsAtOnce(backend: Backend) async throws {
        try await Client.with(backend: backend) { client in
            let added = try await client.send(
                "POST", Self.users,
                body: #"{"username":"eve","role":"salesperson","password":"quiet-41-forests"}"#)
            #expect(added.status == 201)
            let eve = try #require(added["Location"]).replacing("http://localhost", with: "")
            let first = try await client.signIn("eve", password: "quiet-41-forests")
            let token = try #require(first.object["token"] as? String)
            for _ in 0..<2 {
                #expect(try await status(client, "GET", Self.numbers, as: token) == 200)
                #expect(try await status(client, "GET", Self.users, as: token) == 403)
            }
            #expect(
                try await client.send("PATCH", eve, body: #"{"role":"supervisor"}"#).status == 200)
            #expect(try await status(client, "GET", Self.users, as: token) == 200)
            #expect(
                try await status(client, "POST", Self.numbers, Client.good, as: token) == 201)
            #expect(
                try await client.send("PATCH", eve, body: #"{"role":"salesperson"}"#).status == 200)
            #expect(try await status(client, "GET", Self.users, as: token) == 403)
            #expect(
                try await client.send("PATCH", eve, body: #"{"password":"lovely-37-rivers"}"#)
                    .status == 200)
            #expect(try await status(client, "GET", Self.numbers, as: token) == 401)
            #expect(try await client.signIn("eve", password: "quiet-41-forests").status == 401)
            let second = try await client.signIn("eve", password: "lovely-37-rivers")
            let other = try #require(second.object["token"] as? String)
            #expect(try await client.send("DELETE", eve + "/sessions").status == 204)
            #expect(try await status(client, "GET", Self.numbers, as: other) == 401)
            let third = try await client.signIn("eve", password: "lovely-37-rivers")
            let last = try #require(third.object["token"] as? String)
            #expect(try await client.send("DELETE", eve).status == 204)
            #expect(try await status(client, "GET", Self.numbers, as: last) == 401)
            #expect(try await client.send("DELETE", eve).status == 404)
            // What she did is still hers.
            let changes = try await client.send("GET", "/api/v1/changes")
            #expect(changes.text.contains(#""username":"eve""#))
        }
    }

    @Test(arguments: Backend.allCases)
    func anOwnPasswordKeepsTheOwnSession(backend: Backend) async throws {
        try await Client.with(backend: backend) { client in
            let (here, there) = (try await client.signIn("bob"), try await client.signIn("bob"))
            let change =
                #"{"currentPassword":"\#(Client.password)","newPassword":"lovely-37-rivers"}"#
            #expect(try await status(client, "PUT", Self.password, change, as: here) == 204)
            #expect(try await status(client, "GET", Self.numbers, as: here) == 200)
            #expect(try await status(client, "GET", Self.numbers, as: there) == 401)
            #expect(try await client.signIn("bob", password: Client.password).status == 401)
            #expect(try await client.signIn("bob", password: "lovely-37-rivers").status == 201)
            // Others have what they had.
            #expect(try await client.send("GET", Self.numbers).status == 200)
            #expect(try await status(client, "PUT", Self.password, change, as: here) == 422)
        }
    }

    @Test func guessingTheOwnPasswordTakesEverLongerAsSigningInDoes() async throws {
        let clock = TestClock()
        try await Client.with(configuration: .testing(now: clock.now)) { client in
            let token = try await client.signIn("ana")
            let guess = #"{"currentPassword":"a guess","newPassword":"lovely-37-rivers"}"#
            for _ in 0..<5 {
                #expect(try await status(client, "PUT", Self.password, guess, as: token) == 422)
            }
            let early = try await client.send(
                "PUT", Self.password, body: guess, as: .bearer(token))
            #expect(early.status == 429)
            #expect(early["Retry-After"] == "1")
            #expect(early.object["type"] as? String == "/problems/too-many-attempts")
            // It is the same count, whichever door is tried.
            #expect(try await client.signIn("ana", password: Client.password).status == 429)
            #expect(try await client.signIn("bob", password: Client.password).status == 201)
            // What cannot be a password is no guess, and told at once.
            let none = #"{"currentPassword":"a guess","newPassword":"short"}"#
            #expect(try await status(client, "PUT", Self.password, none, as: token) == 422)
            clock.advance(by: 1)
            let right =
                #"{"currentPassword":"\#(Client.password)","newPassword":"lovely-37-rivers"}"#
            #expect(try await status(client, "PUT", Self.password, right, as: token) == 204)
        }
    }

    @Test func sessionsThatHaveExpiredDoNotCount() async throws {
        let clock = TestClock()
        try await Client.with(configuration: .testing(now: clock.now)) { client in
            let token = try await client.signIn("bob")
            let count = { () async throws -> Int? in
                let bob = try await client.send("GET", Self.users + "/2", as: .supervisor)
                return bob.object["sessions"] as? Int
            }
            #expect(try await count() == 2)
            // The other one has an hour; the supervisor's own as well.
            clock.advance(by: 3500)
            #expect(try await count() == 2)
            let ana = try await client.signIn("ana")
            clock.advance(by: 200)
            let bob = try await client.send("GET", Self.users + "/2", as: .bearer(ana))
            #expect(bob.object["sessions"] as? Int == 1)
            let sessions = try await client.send(
                "GET", Self.users + "/2/sessions", as: .bearer(ana))
            let session = try #require((sessions.json as? [[String: String]])?.first)
            let created = try Date(try #require(session["createdAt"]), strategy: .iso8601)
            let expires = try Date(try #require(session["expiresAt"]), strategy: .iso8601)
            #expect(expires.timeIntervalSince(created) == 12 * 60 * 60)
            #expect(!sessions.text.contains(token))
        }
    }

    @Test func whatIsDoneToPeopleIsLoggedWithoutSecrets() async throws {
        let log = InMemoryLogHandler()
        try await Client.with(logger: .writing(to: log)) { client in
            let token = try await client.signIn("ana")
            let requests = [
                (
                    "POST", Self.users,
                    #"{"username":"eve","role":"supervisor","password":"quiet-41-forests"}"#
                ),
                ("PATCH", Self.users + "/3", #"{"role":"salesperson"}"#),
                ("PATCH", Self.users + "/3", #"{"password":"lovely-37-rivers"}"#),
                ("DELETE", Self.users + "/3/sessions", nil), ("DELETE", Self.users + "/3", nil),
                (
                    "PUT", Self.password,
                    #"{"currentPassword":"wrong-password","newPassword":"silver-8-gardens"}"#
                ),
                (
                    "PUT", Self.password,
                    #"{"currentPassword":"\#(Client.password)","newPassword":"silver-8-gardens"}"#
                ),
            ]
            for (method, path, body) in requests {
                _ = try await status(client, method, path, body, as: token)
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
            ] {
                #expect(!"\(log.entries)".contains(secret))
            }
        }
    }
}
