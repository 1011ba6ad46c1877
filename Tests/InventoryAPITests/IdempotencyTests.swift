import Foundation
import Inventory
import InventoryAPI
import StoreTesting
import Testing

/// Requests that are repeated with their `Idempotency-Key`.
@Suite struct IdempotencyTests {
    private static let numbers = "/api/v1/numbers"
    private static let changes = "/api/v1/changes"
    private static let raise =
        #"{"select":{"all":true},"set":{"monthyPrice":{"times":"1.1"}}}"#
    private static let other = Client.good.replacing("4321", with: "4322")
    /// Each changes number 1, or creates another.
    private static let writes: [(path: String, body: String?)] = [
        (numbers, other), (changes, raise), (changes + "/1/undo", nil),
        (numbers + "/import", "[\(other)]"),
        (changes, #"{"select":{"all":true},"set":{"monthyPrice":{"to":"0.03"}}}"#),
    ]

    private static func post(
        _ path: String, _ body: String?, key: String? = "key", with client: Client,
        headers: [String: String] = [:], as identity: Client.Identity = .supervisor
    ) async throws -> Client.Answer {
        var headers = headers
        headers["Idempotency-Key"] = key
        return try await client.send("POST", path, body: body, headers: headers, as: identity)
    }

    private static func price(_ client: Client) async throws -> String? {
        try await client.send("GET", numbers + "/1").object["monthyPrice"] as? String
    }

    /// How many changes there are, without deletions.
    private static func changeCount(_ client: Client) async throws -> Int {
        let changes = try await client.send("GET", changes).json as? [[String: Any]]
        return try #require(changes).count { $0["kind"] as? String != "delete" }
    }

    @Test(arguments: Backend.allCases, writes)
    func repeatedRequestGetsTheFirstResponse(
        backend: Backend, write: (path: String, body: String?)
    ) async throws {
        try await Client.with(backend: backend) { client in
            try await client.createGood()
            let first = try await Self.post(write.path, write.body, with: client)
            #expect([200, 201].contains(first.status), "\(first.text)")
            #expect(first["Idempotency-Replayed"] == nil)
            let count = try await Self.changeCount(client)
            // A replay needs nothing of what was changed.
            _ = try await client.send("DELETE", Self.numbers + "/1")
            for key in ["key", "\"key\""] {
                let again = try await Self.post(write.path, write.body, key: key, with: client)
                #expect(again.status == first.status)
                #expect(again.text == first.text)
                for name in ["Location", "ETag", "Change-Id", "Content-Type"] {
                    #expect(again[name] == first[name])
                }
                #expect(again["Idempotency-Replayed"] == "true")
            }
            #expect(try await Self.changeCount(client) == count)
        }
    }

    @Test(arguments: Backend.allCases)
    func equalRequestsAtTheSameTimeAreDoneOnce(backend: Backend) async throws {
        try await Client.with(backend: backend) { client in
            try await client.createGood()
            let replays = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 1...8 {
                    group.addTask {
                        let answer = try await Self.post(Self.changes, Self.raise, with: client)
                        #expect(answer.status == 201)
                        return answer["Idempotency-Replayed"]
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replays.filter { $0 == nil }.count == 1)
            #expect(try await Self.price(client) == "0.033")
        }
    }

    @Test func requestThatIsCutOffIsDoneOnceWhenRepeated() async throws {
        try await Client.with { client in
            try await client.createGood()
            for index in 1...20 {
                let key = "key\(index)"
                let first = Task {
                    try await Self.post(Self.changes, Self.raise, key: key, with: client)
                }
                if index % 2 == 0 { await Task.yield() }
                first.cancel()
                _ = await first.result
                let again = try await Self.post(Self.changes, Self.raise, key: key, with: client)
                #expect(again.status == 201)
            }
            let raised = try await client.send("GET", Self.changes + "?kind=changeMany")
            #expect(raised["X-Total-Count"] == "20")
        }
    }

    @Test(
        arguments: [
            (changes, #"{"select":{"all":true},"delete":true}"#, [:]), (changes, raise + " ", [:]),
            (changes + "?dryRun=false", raise, [:]), (numbers, other, [:]),
            (changes, raise, ["If-Match": "*"]),
            (changes, raise, ["Content-Type": "application/json; charset=utf-8"]),
            (changes + "/1/undo", nil, [:]),
        ] as [(String, String?, [String: String])])
    func otherRequestIsRefused(
        path: String, body: String?, headers: [String: String]
    ) async throws {
        try await Client.with { client in
            try await client.createGood()
            _ = try await Self.post(Self.changes, Self.raise, with: client)
            let answer = try await Self.post(path, body, with: client, headers: headers)
            #expect(answer.status == 422)
            #expect(answer.object["type"] as? String == "/problems/idempotency-key-reused")
            #expect(try await client.send("GET", Self.changes)["X-Total-Count"] == "2")
        }
    }

    @Test func dryRunIgnoresTheKey() async throws {
        try await Client.with { client in
            try await client.createGood()
            let file = "[\(Self.other)]"
            for (path, body) in [(Self.changes, Self.raise), (Self.numbers + "/import", file)] {
                for _ in 1...2 {
                    let preview = try await Self.post(path + "?dryRun=true", body, with: client)
                    #expect(preview.status == 200)
                    #expect(preview["Idempotency-Replayed"] == nil)
                }
            }
            #expect(try await Self.post(Self.changes, Self.raise, with: client).status == 201)
        }
    }

    @Test func refusedRequestMayBeCorrectedAndRepeated() async throws {
        try await Client.with { client in
            try await client.createGood()
            for (body, status) in [("{}", 422), (Client.good, 409), (Self.other, 201)] {
                #expect(try await Self.post(Self.numbers, body, with: client).status == status)
            }
        }
    }

    @Test func permissionComesBeforeTheReplay() async throws {
        try await Client.with { client in
            try await client.createGood()
            let token = try await client.signIn("ana")
            let ana = Username(stored: "ana")
            _ = try await client.store.createUser(UserDraft("eve"))
            _ = try await Self.post(Self.changes, Self.raise, with: client, as: .bearer(token))
            try await client.store.setRole(.salesperson, of: ana)
            for (identity, status) in [(Client.Identity.bearer(token), 403), (.guest, 401)] {
                let answer = try await Self.post(
                    Self.changes, Self.raise, with: client, as: identity)
                #expect(answer.status == status)
            }
        }
    }

    @Test func sameKeyOfAnotherUserIsAnotherKey() async throws {
        try await Client.with { client in
            try await client.createGood()
            try await client.store.setRole(.supervisor, of: Username(stored: "bob"))
            for identity in [Client.Identity.supervisor, .salesperson] {
                let answer = try await Self.post(
                    Self.changes, Self.raise, with: client, as: identity)
                #expect(answer["Idempotency-Replayed"] == nil)
            }
            #expect(try await Self.price(client) == "0.0363")
        }
    }

    @Test func keyIsKeptFor24Hours() async throws {
        let clock = TestClock()
        let configuration = InventoryConfiguration.testing(access: .everybody, now: clock.now)
        try await Client.with(configuration: configuration) { client in
            try await client.createGood()
            for (seconds, price) in [(0, "0.033"), (86_399, "0.033"), (1, "0.0363")] {
                clock.advance(by: TimeInterval(seconds))
                let answer = try await Self.post(Self.changes, Self.raise, with: client)
                #expect(answer.status == 201)
                #expect(try await Self.price(client) == price)
            }
        }
    }

    @Test(arguments: [
        ("a", 201), (#""a""#, 201), (#""a b""#, 400), (#""a\"b""#, 201), (#""a"b""#, 400),
        (#"""#, 400),
        (#""""#, 400), (#""a";b=1"#, 400), ("a b", 400), ("a, b", 400),
        (String(repeating: "k", count: 255), 201), (String(repeating: "k", count: 256), 400),
        (String(repeating: "\"", count: 20_000), 400),
    ])
    func headerIsATextOrAString(value: String, status: Int) async throws {
        try await Client.with { client in
            let answer = try await Self.post(Self.numbers, Client.good, key: value, with: client)
            #expect(answer.status == status)
            guard status == 400 else { return }
            #expect(answer.object["type"] as? String == "/problems/malformed-header")
            #expect(answer.detail.hasPrefix("Idempotency-Key must be "))
        }
    }
}
