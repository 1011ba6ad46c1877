import Credentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Inventory
import StoreTesting
import Synchronization
import Testing

@testable import InventoryAPI

/// Which responses are cached, how many, and for how long.
@Suite struct ResponseCacheTests {
    /// An API whose cacheable routes respond with the number of their calls.
    private static func with(
        status: HTTPResponse.Status = .ok, bodySize: Int = 0,
        _ body: @escaping @Sendable (Client) async throws -> Void
    ) async throws {
        try await Backend.sqliteFile.withStore { store in
            try await Client.addUsers(to: store)
            let calls = Atomic(0)
            let respond = { @Sendable (_: Request, _: UserContext) throws -> Response in
                let count = calls.wrappingAdd(1, ordering: .relaxed).newValue
                guard status == .ok else { throw Problem(type: .unavailable, detail: "\(count)") }
                let text = "\(count)" + String(repeating: "x", count: bodySize)
                return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
            }
            let responder = APIResponder(
                routes: [
                    Route(.get, "/users/fresh", .user, respond),
                    Route(.get, "/users/{name}", .user, respond, .cacheable),
                ],
                Authenticator(store: store, configuration: .testing()), .testing(), .silent)
            try await Application(responder: responder, logger: .silent).test(.router) { client in
                try await body(Client(client: client, store: store))
            }
        }
    }

    private static func texts(
        _ client: Client, _ path: String = "/users/a", count: Int = 4,
        headers: [String: String] = [:], as identity: Client.Identity = .supervisor
    ) async throws -> [String] {
        var texts: [String] = []
        for _ in 0..<count {
            texts.append(try await client.send("GET", path, headers: headers, as: identity).text)
        }
        return texts
    }

    private func expect(_ texts: [String], _ expected: [String]) {
        #expect(texts == expected)
    }

    @Test func responseIsCachedWhenItsRequestIsRepeated() async throws {
        try await Self.with { client in
            expect(try await Self.texts(client), ["1", "2", "2", "2"])
            expect(try await Self.texts(client, "/users/b", count: 3), ["3", "4", "4"])
            expect(try await Self.texts(client, count: 2), ["2", "2"])
        }
    }

    @Test func cachedResponseHasItsOwnRequestID() async throws {
        try await Self.with { client in
            _ = try await Self.texts(client)
            for id in ["one", "two"] {
                let response = try await client.send(
                    "GET", "/users/a", headers: ["X-Request-Id": id])
                #expect(response["Request-Id"] == id)
                #expect(response["Cache-Control"] == "private, no-cache")
                #expect(response.text == "2")
            }
        }
    }

    @Test func headHasNoBody() async throws {
        try await Self.with { client in
            for _ in 0..<4 {
                let response = try await client.send("HEAD", "/users/a")
                #expect(response.status == 200)
                #expect(response.text.isEmpty)
            }
        }
    }

    @Test func entriesAreStaleOnceTheInventoryHasChanged() async throws {
        try await Self.with { client in
            _ = try await Self.texts(client)
            let numbers = Array(DemoNumbers(seed: 1).prefix(1))
            _ = try await client.store.createNumbers(numbers, onlyIfEmpty: false)
            expect(try await Self.texts(client), ["3", "3", "3", "3"])
        }
    }

    @Test func entriesAreStaleOnceTheSessionHasEnded() async throws {
        try await Self.with { client in
            _ = try await Self.texts(client)
            try await client.store.endSession(Client.tokens.supervisor.digest)
            #expect(try await client.send("GET", "/users/a").status == 401)
        }
    }

    @Test func entriesAreOfOneUser() async throws {
        try await Self.with { client in
            _ = try await Self.texts(client)
            expect(try await Self.texts(client, as: .salesperson), ["3", "4", "4", "4"])
            #expect(try await client.send("GET", "/users/a", as: .guest).status == 401)
        }
    }

    @Test func otherHeadersHaveAnotherResponse() async throws {
        try await Self.with { client in
            _ = try await Self.texts(client)
            expect(try await Self.texts(client, count: 1, headers: ["Accept": "text/html"]), ["3"])
        }
    }

    @Test func routeThatIsNotCacheableIsCalledEachTime() async throws {
        try await Self.with { client in
            expect(try await Self.texts(client, "/users/fresh"), ["1", "2", "3", "4"])
        }
    }

    @Test func problemIsNotCached() async throws {
        try await Self.with(status: .serviceUnavailable) { client in
            let texts = try await Self.texts(client, count: 3)
            #expect(texts[2].contains(#""detail":"3""#))
        }
    }

    @Test func longResponseIsNotCached() async throws {
        try await Self.with(bodySize: ResponseCache.largestBody) { client in
            let texts = try await Self.texts(client, count: 3)
            #expect(texts[2].hasPrefix("3x"))
        }
    }

    @Test func allEntriesTogetherAreBounded() async throws {
        let size = ResponseCache.largestBody - 10
        try await Self.with(bodySize: size) { client in
            let most = ResponseCache.mostBytes / size
            for number in 0..<most {
                _ = try await Self.texts(client, "/users/\(number)", count: 2)
            }
            // The last one had no room beside the others.
            let last = try await Self.texts(client, "/users/\(most - 1)", count: 1)[0]
            #expect(last.prefix { $0 != "x" } == "\(2 * most)")
            let first = try await Self.texts(client, "/users/0", count: 1)[0]
            #expect(first.prefix { $0 != "x" } == "\(2 * most + 1)")
        }
    }
}
