import Inventory
import StoreTesting
import Testing

/// Requests that are repeated with their `Idempotency-Key`.
@Suite(.stores) struct IdempotencyTests {
    private let client: Client

    init() async throws {
        client = try await Client()
        try await client.createGood()
    }

    private static let numbers = "numbers"
    private static let changes = "changes"
    private static let raise = #"{"select":{"all":true},"set":{"monthyPrice":{"times":"1.1"}}}"#
    /// Each write changes number 1, or creates another number.
    private static let writes: [(path: String, body: String?)] = [
        (numbers, Client.other), (changes, raise), (changes + "/1/undo", nil),
        (numbers + "/import", "[\(Client.other)]"),
        (changes, #"{"select":{"all":true},"set":{"monthyPrice":{"to":"0.03"}}}"#),
    ]

    private func post(
        _ path: String, _ body: String?, key: String? = "key",
        headers: [String: String] = [:], as identity: Client.Identity = .supervisor
    ) async throws -> Client.Response {
        var headers = headers
        headers["Idempotency-Key"] = key
        return try await client.send("POST \(path)", body, headers: headers, as: identity)
    }

    /// How many changes were made, not counting deletions.
    private func changeCount() async throws -> Int {
        let changes = try await client.send("GET changes").json as? [[String: Any]]
        return try #require(changes).count { $0["kind"] as? String != "delete" }
    }

    @Test(arguments: writes)
    func repeatedRequestGetsTheFirstResponse(path: String, body: String?) async throws {
        let first = try await post(path, body)
        #expect([200, 201].contains(first.status), "\(first.text)")
        #expect(first["Idempotency-Replayed"] == nil)
        let count = try await changeCount()
        // The replay works although the number is gone.
        _ = try await client.send("DELETE numbers/1")
        for key in ["key", "\"key\""] {
            let again = try await post(path, body, key: key)
            #expect(again.status == first.status)
            #expect(again.text == first.text)
            for name in ["Location", "ETag", "Change-Id", "Content-Type"] {
                #expect(again[name] == first[name])
            }
            #expect(again["Idempotency-Replayed"] == "true")
        }
        #expect(try await changeCount() == count)
    }

    @Test func requestThatIsCutOffIsDoneOnceWhenRepeated() async throws {
        for index in 1...20 {
            let key = "key\(index)"
            let first = Task {
                try await post(Self.changes, Self.raise, key: key)
            }
            if index % 2 == 0 { await Task.yield() }
            first.cancel()
            _ = await first.result
            let again = try await post(Self.changes, Self.raise, key: key)
            #expect(again.status == 201)
        }
        let raised = try await client.send("GET changes?kind=changeMany")
        #expect(raised["X-Total-Count"] == "20")
    }

    @Test(
        arguments: [
            (changes, #"{"select":{"all":true},"delete":true}"#, [:]), (changes, raise + " ", [:]),
            (changes + "?dryRun=false", raise, [:]), (numbers, Client.other, [:]),
            (changes, raise, ["If-Match": "*"]),
            (changes, raise, ["Content-Type": "application/json; charset=utf-8"]),
            (changes + "/1/undo", nil, [:]),
        ] as [(String, String?, [String: String])])
    func otherRequestIsRefused(
        path: String, body: String?, headers: [String: String]
    ) async throws {
        _ = try await post(Self.changes, Self.raise)
        let response = try await post(path, body, headers: headers)
        #expect(response.status == 422)
        #expect(response.object["type"] as? String == "/problems/idempotency-key-reused")
        #expect(try await client.send("GET changes")["X-Total-Count"] == "2")
    }

    @Test func dryRunIgnoresTheKey() async throws {
        let file = "[\(Client.other)]"
        for (path, body) in [(Self.changes, Self.raise), (Self.numbers + "/import", file)] {
            for _ in 1...2 {
                let preview = try await post(path + "?dryRun=true", body)
                #expect(preview.status == 200)
                #expect(preview["Idempotency-Replayed"] == nil)
            }
        }
        #expect(try await post(Self.changes, Self.raise).status == 201)
    }

    @Test func refusedRequestMayBeCorrectedAndRepeated() async throws {
        for (body, status) in [("{}", 422), (Client.good, 409), (Client.other, 201)] {
            #expect(try await post(Self.numbers, body).status == status)
        }
    }

    @Test func permissionComesBeforeTheReplay() async throws {
        let token = try await client.signIn("ana")
        let ana = Username(stored: "ana")
        _ = try await client.store.createUser(UserDraft("eve"))
        _ = try await post(Self.changes, Self.raise, as: .bearer(token))
        try await client.store.setRole(.salesperson, of: ana)
        for (identity, status) in [(Client.Identity.bearer(token), 403), (.guest, 401)] {
            let response = try await post(Self.changes, Self.raise, as: identity)
            #expect(response.status == status)
        }
    }

    @Test(arguments: [
        ("a", 201), (#""a""#, 201), (#""a b""#, 400), (#""a\"b""#, 201), (#""a"b""#, 400),
        (#"""#, 400), (#""""#, 400), (#""a";b=1"#, 400), ("a b", 400), ("a, b", 400),
        (String(repeating: "k", count: 255), 201), (String(repeating: "k", count: 256), 400),
        (String(repeating: "\"", count: 20_000), 400),
    ])
    func headerIsATextOrAString(value: String, status: Int) async throws {
        let response = try await post(Self.numbers, Client.other, key: value)
        #expect(response.status == status)
        guard status == 400 else { return }
        #expect(response.object["type"] as? String == "/problems/malformed-header")
        #expect(response.detail.hasPrefix("Idempotency-Key must be "))
    }
}
