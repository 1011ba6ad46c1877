import Credentials
import Foundation
import InMemoryLogging
import Inventory
import InventoryAPI
import Logging
import StoreTesting
import Testing

/// Signing in and out.
@Suite(.stores) struct SessionTests {
    private let clock = TestClock()
    private let log = InMemoryLogHandler()
    private let client: Client

    init() async throws {
        client = try await Client(
            configuration: .testing(now: clock.now), logger: .writing(to: log))
    }

    @Test func signsInAndOut() async throws {
        let response = try await client.signIn(" Ana ", password: Client.password)
        #expect(response.status == 201)
        #expect(response["Cache-Control"] == "no-store")
        #expect(response["Location"] == "http://localhost/api/v1/sessions/current")
        let token = try #require(response.object["token"] as? String)
        let expiry = try #require(response.object["expiresAt"] as? String)
        let remaining = try Date(expiry, strategy: .iso8601).timeIntervalSinceNow / 3600
        #expect((11.9...12).contains(remaining))

        let who = try await client.send("GET sessions/current", as: .bearer(token))
        #expect(
            who.text
                == #"{"expiresAt":"\#(expiry)","user":{"id":1,"username":"ana","role":"supervisor"}}"#
        )
        #expect(try await client.status("DELETE sessions/current", as: .bearer(token)) == 204)
        #expect(try await client.status("DELETE sessions/current", as: .bearer(token)) == 401)
        // Ana's other session lasts.
        #expect(try await client.status("GET sessions/current") == 200)
    }

    @Test(arguments: [
        ("eve", Client.password), ("ana", "violet-5-elephant"), ("ana", ""), ("", Client.password),
        ("ana\u{0}", Client.password), ("no such name!", Client.password),
        (String(repeating: "a", count: 10_000), String(repeating: "b", count: 10_000)),
    ])
    func allRefusalsHaveTheSameResponse(username: String, password: String) async throws {
        let wrong = try await client.signIn("bob", password: "wrong password")
        let response = try await client.signIn(username, password: password)
        #expect(
            response.problem == "401 sign-in-refused: The user name or the password is wrong.")
        // The two responses differ only in the request's id.
        let plain = { (response: Client.Response) in
            response.text.replacing(/"requestId":"[^"]*"/, with: "")
        }
        #expect(plain(response) == plain(wrong))
        #expect(response["WWW-Authenticate"] == wrong["WWW-Authenticate"])
    }

    @Test(arguments: [
        (#"{"username":"ana"}"#, 422, #"{"pointer":"/password","detail":"is required"}"#),
        (#"{"username":1,"password":["x"]}"#, 422, "must be a string"),
        (#"{"user":"ana","password":"x"}"#, 422, "is not a member of a sign-in"),
        (#"{"username":"ana","password":"x","password":"y"}"#, 422, "is given twice"),
        ("", 400, "no body"),
    ])
    func invalidSignInIsRefused(body: String, status: Int, part: String) async throws {
        let response = try await client.send("POST sessions", body, as: .guest)
        #expect(response.status == status)
        #expect(response.text.contains(part), "\(response.text)")
    }

    @Test func sessionExpiresAfterTwelveHours() async throws {
        let token = try await client.signIn("ana")
        clock.advance(by: 12 * 60 * 60 - 1)
        #expect(try await client.status("GET sessions/current", as: .bearer(token)) == 200)
        clock.advance(by: 1)
        #expect(try await client.status("GET sessions/current", as: .bearer(token)) == 401)
    }

    @Test func everyWrongPasswordDoublesTheDelay() async throws {
        var waits: [Int] = []
        for _ in 0..<12 {
            var response = try await client.signIn("ana", password: "wrong password")
            if response.status == 429 {
                let wait = try #require(response["Retry-After"].flatMap(Int.init))
                #expect(response.detail == "Too many attempts; try again in \(wait) s.")
                waits.append(wait)
                // During the wait, the right password is refused too.
                let right = try await client.signIn("ana", password: Client.password)
                #expect(right.status == 429)
                clock.advance(by: Double(wait))
                response = try await client.signIn("ana", password: "wrong password")
            }
            #expect(response.status == 401)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60])
        // Bob does not have to wait.
        #expect(try await client.signIn("bob", password: Client.password).status == 201)
        // After the wait, the right password resets the count.
        clock.advance(by: 60)
        #expect(try await client.signIn("ana", password: Client.password).status == 201)
        #expect(try await client.signIn("ana", password: "wrong password").status == 401)
        #expect(try await client.signIn("ana", password: Client.password).status == 201)
    }

    @Test func unknownUserNamesAreDelayedToo() async throws {
        var statuses: [Int] = []
        for name in ["eve", "eve", "Eve", " eve", "eve", "EVE"] {
            statuses.append(try await client.signIn(name, password: "guess").status)
        }
        #expect(statuses == [401, 401, 401, 401, 401, 429])
    }

    @Test func concurrentGuessesAreLimitedLikeSequentialOnes() async throws {
        let statuses = try await race(50) { _ in
            try await client.signIn("ana", password: "guess").status
        }
        #expect(statuses.filter { $0 == 401 }.count == 5)
        #expect(statuses.filter { $0 == 429 }.count == 45)
    }

    @Test func writeIsLoggedWithItsAuthorAndNoSecrets() async throws {
        let token = try await client.signIn("ana")
        _ = try await client.signIn("ana", password: "wrong password")
        _ = try await client.signIn("a-password-typed-too-early", password: "")
        try await client.createGood()
        _ = try await client.send("PATCH numbers/1", #"{"setupPrice":"7"}"#)
        _ = try await client.send("PUT numbers/1", Client.good)
        _ = try await client.send("DELETE numbers/1")
        _ = try await client.send("DELETE sessions/current", as: .bearer(token))
        let deeds = log.entries.filter { $0.metadata["user"] == "ana" }
        #expect(
            deeds.map { "\($0.message)" } == [
                "signed in", "number created", "number changed", "number replaced",
                "number deleted", "signed out",
            ])
        let change = deeds[2].metadata
        #expect(change["id"] == .stringConvertible(1))
        #expect(change["value"] == "+55 84 91234-4321")
        #expect(change["setupPrice"] == "7.00")
        #expect(change["requestId"] != nil)
        let digest = try #require(SessionToken(token)).digest
        let hash = try #require(try await client.store.passwordHash(of: Username("ana")))
        for secret in [
            token, String(token.dropFirst(4)), Client.password, "wrong password",
            "a-password-typed-too-early", hash.stored, "\(digest.bytes)",
        ] { #expect(!"\(log.entries)".contains(secret)) }
    }
}
