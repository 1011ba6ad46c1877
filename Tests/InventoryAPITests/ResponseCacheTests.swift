import Credentials
@testable import HTTPServer
import HTTPTypes
import Hummingbird
import Inventory
import NIOHTTP1
import NIOHTTPTypesHTTP1
import StoreTesting
import Testing

@testable import InventoryAPI

/// Which responses are cached, how many, and for how long.
@Suite(.stores) struct ResponseCacheTests {
    /// A client of an API whose routes respond with how often they were called.
    private func client(isFailing: Bool = false, bodySize: Int = 0) async throws -> Client {
        let store = try await Backend.sqliteFile.store()
        try await Client.addUsers(to: store)
        let calls = SharedCount()
        let respond = { @Sendable (_: Request, _: UserContext) throws -> Response in
            let count = calls.next()
            guard !isFailing else { throw Problem(type: .unavailable, detail: "\(count)") }
            let text = "\(count)" + String(repeating: "x", count: bodySize)
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
        }
        let responder = APIResponder(
            routes: [
                Route(.get, "/users/fresh", .user(respond)),
                Route(.get, "/users/{name}", .user(respond), .cacheable),
            ],
            Authenticator(store: store, configuration: .testing()), .testing(), .silent)
        return Client(store: store, responder: responder)
    }

    private func texts(
        _ client: Client, _ path: String = "/users/a", count: Int = 4,
        headers: [String: String] = [:], as identity: Client.Identity = .supervisor
    ) async throws -> [String] {
        var texts: [String] = []
        for _ in 0..<count {
            texts.append(try await client.send("GET \(path)", headers: headers, as: identity).text)
        }
        return texts
    }

    @Test func repeatedRequestGetsTheCachedResponse() async throws {
        let client = try await client()
        #expect(try await texts(client) == ["1", "2", "2", "2"])
        #expect(try await texts(client, "/users/b", count: 3) == ["3", "4", "4"])
        #expect(try await texts(client, count: 2) == ["2", "2"])
        // Each user and each set of headers has its own cached response.
        #expect(try await texts(client, as: .salesperson) == ["5", "6", "6", "6"])
        #expect(try await texts(client, count: 1, headers: ["Accept": "text/html"]) == ["7"])
        #expect(try await client.status("GET /users/a", as: .guest) == 401)
    }

    @Test func cachedResponseHasItsOwnRequestID() async throws {
        let client = try await client()
        _ = try await texts(client)
        for id in ["one", "two"] {
            let response = try await client.send("GET /users/a", headers: ["X-Request-Id": id])
            #expect(response["Request-Id"] == id)
            #expect(response["Cache-Control"] == "private, no-cache")
            #expect(response.text == "2")
        }
    }

    @Test func cachedHeadHasNoBody() async throws {
        let client = try await client()
        for _ in 0..<4 { #expect(try await client.send("HEAD /users/a").text.isEmpty) }
    }

    @Test func changeOfTheInventoryInvalidatesTheCache() async throws {
        let client = try await client()
        _ = try await texts(client)
        try await client.store.createNumber(try NumberContent("+55 84 91234-4321"))
        #expect(try await texts(client) == ["3", "3", "3", "3"])
    }

    @Test func endOfTheSessionInvalidatesTheCache() async throws {
        let client = try await client()
        _ = try await texts(client)
        try await client.store.endSession(Client.tokens.supervisor.digest)
        #expect(try await client.status("GET /users/a") == 401)
    }

    @Test func routeThatIsNotCacheableIsCalledEachTime() async throws {
        #expect(try await texts(client(), "/users/fresh") == ["1", "2", "3", "4"])
    }

    @Test func problemIsNotCached() async throws {
        let texts = try await texts(client(isFailing: true), count: 3)
        #expect(texts[2].contains(#""detail":"3""#))
    }

    @Test func longResponseIsNotCached() async throws {
        let texts = try await texts(client(bodySize: ResponseCache.largestBody), count: 3)
        #expect(texts[2].hasPrefix("3x"))
    }

    @Test func sizeOfAllEntriesIsBounded() async throws {
        let size = ResponseCache.largestBody - 10
        let client = try await client(bodySize: size)
        let most = ResponseCache.mostBytes / size
        for number in 0..<most { _ = try await texts(client, "/users/\(number)", count: 2) }
        // The last entry replaced all others, since the cache was full.
        let last = try await texts(client, "/users/\(most - 1)", count: 1)[0]
        #expect(last.prefix { $0 != "x" } == "\(2 * most)")
        let first = try await texts(client, "/users/0", count: 1)[0]
        #expect(first.prefix { $0 != "x" } == "\(2 * most + 1)")
    }

    private func key(
        _ headers: [(name: String, value: String)] = [], _ uri: String = "/1",
        method: String = "GET", host: String = "example", peer: String = "192.0.2.1"
    ) -> RequestKey? {
        RequestKey(method: method, uri: uri, host: host, headers: headers, peer: peer)
    }

    @Test func keyIsTheHeadWithoutTheNamesOfTheRequest() throws {
        let one = try #require(key())
        #expect(one == key(peer: "192.0.2.2"))
        #expect(one == key([("Host", "example")]))
        #expect(one.hashValue == key()?.hashValue)
        #expect(one == key([("X-REQUEST-ID", "mine")]))
        #expect(one == key([("Traceparent", "00"), ("tracestate", "a=b")]))
        for other in [
            key(host: "other"), key([("If-None-Match", "\"1\"")]), key([("Unheard-Of", "")]),
            key([], "/2"), key(method: "HEAD"),
        ] {
            #expect(one != (try #require(other)))
        }
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "example", path: "/1",
            headerFields: [.accept: "*/*", .xRequestID: "mine"])
        let received = RequestHead(head: try HTTPRequestHead(head), peer: "")
        #expect(RequestKey(received) == key([("Accept", "*/*")]))
    }

    @Test(arguments: ["X-Forwarded-For", "x-forwarded-proto"])
    func keyDependsOnThePeerIfThatMayBeAProxy(header: String) throws {
        let one = try #require(key([(header, "https")]))
        #expect(one == key([(header, "https")]))
        #expect(one != key([(header, "https")], peer: "192.0.2.2"))
    }

    @Test func requestThatWritesOrHasABodyOrALongHeadHasNoKey() {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            #expect(key(method: method) == nil)
        }
        let long = String(repeating: "x", count: RequestKey.largestHead)
        for header in [("Content-Length", "1"), ("Transfer-Encoding", "chunked"), ("Accept", long)]
        {
            #expect(key([header]) == nil)
        }
        #expect(key([], "/" + long) == nil)
    }
}
