import Credentials
import Foundation
import InMemoryLogging
import Inventory
import InventoryAPI
import Logging
import StoreTesting
import Testing

/// Signing in and out.
@Suite struct SessionTests {
    private static let sessions = "/api/v1/sessions"
    private static let current = "/api/v1/sessions/current"

    @Test func fromSigningInToSigningOut() async throws {
        try await Client.with { client in
            let answer = try await client.signIn(" Ana ", password: Client.password)
            #expect(answer.status == 201)
            #expect(answer["Cache-Control"] == "no-store")
            #expect(answer["Location"] == "http://localhost" + Self.current)
            let token = try #require(answer.object["token"] as? String)
            let expiry = try #require(answer.object["expiresAt"] as? String)
            let remaining = try Date(expiry, strategy: .iso8601).timeIntervalSinceNow / 3600
            #expect((11.9...12).contains(remaining))

            let who = try await client.send("GET", Self.current, as: .bearer(token))
            #expect(
                who.text
                    == #"{"expiresAt":"\#(expiry)","user":{"id":1,"username":"ana","role":"supervisor"}}"#
            )
            #expect(try await client.send("DELETE", Self.current, as: .bearer(token)).status == 204)
            #expect(try await client.send("DELETE", Self.current, as: .bearer(token)).status == 401)
            // Her other session goes on.
            #expect(try await client.send("GET", Self.current).status == 200)
        }
    }

    @Test(arguments: [
        ("eve", Client.password), ("ana", "violet-5-elephant"), ("ana", ""), ("", Client.password),
        ("ana\u{0}", Client.password), ("no such name!", Client.password),
        (String(repeating: "a", count: 10_000), String(repeating: "b", count: 10_000)),
    ])
    func refusesAllTheSame(username: String, password: String) async throws {
        try await Client.with { client in
            let wrong = try await client.signIn("bob", password: "wrong password")
            let answer = try await client.signIn(username, password: password)
            #expect(answer.status == 401)
            #expect(answer.object["type"] as? String == "/problems/sign-in-refused")
            #expect(answer.detail == "The user name or the password is wrong.")
            // The two answers differ in nothing but the request's id.
            let plain = { (answer: Client.Answer) in
                answer.text.replacing(/"requestId":"[^"]*"/, with: "")
            }
            #expect(plain(answer) == plain(wrong))
            #expect(answer["WWW-Authenticate"] == wrong["WWW-Authenticate"])
        }
    }

    @Test(arguments: [
        (#"{"username":"ana"}"#, 422, #"{"pointer":"/password","detail":"is required"}"#),
        (#"{"username":1,"password":["x"]}"#, 422, "must be a string"),
        (#"{"user":"ana","password":"x"}"#, 422, "is not a member of a sign-in"),
        (#"{"username":"ana","password":"x","password":"y"}"#, 422, "is given twice"),
        ("[]", 422, "must be one JSON object"), ("{", 400, "line 1, column 2"),
        ("", 400, "no body"),
    ])
    func refusesWhatIsNoSignIn(body: String, status: Int, part: String) async throws {
        try await Client.with { client in
            let answer = try await client.send("POST", Self.sessions, body: body, as: .guest)
            #expect(answer.status == status)
            #expect(answer.text.contains(part), "\(answer.text)")
        }
    }

    @Test func aSessionEndsAfterTwelveHours() async throws {
        let clock = TestClock()
        try await Client.with(configuration: .testing(now: clock.now)) { client in
            let token = try await client.signIn("ana")
            clock.advance(by: 12 * 60 * 60 - 1)
            #expect(try await client.send("GET", Self.current, as: .bearer(token)).status == 200)
            clock.advance(by: 1)
            #expect(try await client.send("GET", Self.current, as: .bearer(token)).status == 401)
        }
    }

    @Test func guessingTakesEverLonger() async throws {
        let clock = TestClock()
        try await Client.with(configuration: .testing(now: clock.now)) { client in
            var waits: [Int] = []
            for _ in 0..<12 {
                var answer = try await client.signIn("ana", password: "wrong password")
                if answer.status == 429 {
                    let wait = try #require(answer["Retry-After"].flatMap(Int.init))
                    #expect(answer.detail == "Too many attempts; try again in \(wait) s.")
                    waits.append(wait)
                    // The right password is not tried either.
                    let right = try await client.signIn("ana", password: Client.password)
                    #expect(right.status == 429)
                    clock.advance(by: Double(wait))
                    answer = try await client.signIn("ana", password: "wrong password")
                }
                #expect(answer.status == 401)
            }
            #expect(waits == [1, 2, 4, 8, 16, 32, 60])
            // Nobody else waits.
            #expect(try await client.signIn("bob", password: Client.password).status == 201)
            // After the wait, the right password works, and all is forgiven.
            clock.advance(by: 60)
            #expect(try await client.signIn("ana", password: Client.password).status == 201)
            #expect(try await client.signIn("ana", password: "wrong password").status == 401)
            #expect(try await client.signIn("ana", password: Client.password).status == 201)
        }
    }

    @Test func guessingNamesThatDoNotExistIsNoDifferent() async throws {
        let clock = TestClock()
        try await Client.with(configuration: .testing(now: clock.now)) { client in
            var statuses: [Int] = []
            for name in ["eve", "eve", "Eve", " eve", "eve", "EVE"] {
                statuses.append(try await client.signIn(name, password: "guess").status)
            }
            #expect(statuses == [401, 401, 401, 401, 401, 429])
        }
    }

    @Test func manyGuessesAtOnceAreNoMoreThanOneByOne() async throws {
        let clock = TestClock()
        try await Client.with(configuration: .testing(now: clock.now)) { client in
            let statuses = await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<50 {
                    group.addTask { try? await client.signIn("ana", password: "guess").status }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 401 }.count == 5)
            #expect(statuses.filter { $0 == 429 }.count == 45)
        }
    }

    @Test func aWriteIsLoggedWithItsAuthorAndNoSecrets() async throws {
        let log = InMemoryLogHandler()
        try await Client.with(logger: .writing(to: log)) { client in
            let token = try await client.signIn("ana")
            _ = try await client.signIn("ana", password: "wrong password")
            _ = try await client.signIn("a-password-typed-too-early", password: "")
            try await client.createGood()
            _ = try await client.send("PATCH", "/api/v1/numbers/1", body: #"{"setupPrice":"7"}"#)
            _ = try await client.send("PUT", "/api/v1/numbers/1", body: Client.good)
            _ = try await client.send("DELETE", "/api/v1/numbers/1")
            _ = try await client.send("DELETE", "/api/v1/sessions/current", as: .bearer(token))
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
            ] {
                #expect(!"\(log.entries)".contains(secret))
            }
        }
    }
}
