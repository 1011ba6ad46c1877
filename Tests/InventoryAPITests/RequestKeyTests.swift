import HTTPTypes
import Testing

@testable import InventoryAPI

/// Which requests have the same answer as another.
@Suite struct RequestKeyTests {
    private func key(
        _ headers: [(name: String, value: String)] = [], _ uri: String = "/1",
        method: String = "GET", host: String = "example", peer: String = "192.0.2.1"
    ) -> RequestKey? {
        RequestKey(method: method, uri: uri, host: host, headers: headers, peer: peer)
    }

    @Test func isTheSameForTheSameHeadFromAnywhere() throws {
        let one = try #require(key())
        #expect(one == key(peer: "192.0.2.2"))
        #expect(one == key([("Host", "example")]))
        #expect(one.hashValue == key()?.hashValue)
    }

    @Test func dependsOnEveryHeader() throws {
        let one = try #require(key())
        #expect(one != key(host: "other"))
        #expect(one != key([("If-None-Match", "\"1\"")]))
        #expect(one != key([("Unheard-Of", "")]))
        #expect(one != key([], "/2"))
        #expect(one != key(method: "HEAD"))
    }

    @Test func doesNotDependOnTheNameOfTheRequest() throws {
        let one = try #require(key())
        #expect(one == key([("X-REQUEST-ID", "mine")]))
        #expect(one == key([("Traceparent", "00"), ("tracestate", "a=b")]))
    }

    @Test(arguments: ["X-Forwarded-For", "x-forwarded-proto"])
    func dependsOnThePeerIfThatIsPerhapsAProxy(header: String) throws {
        let one = try #require(key([(header, "https")]))
        #expect(one == key([(header, "https")]))
        #expect(one != key([(header, "https")], peer: "192.0.2.2"))
    }

    @Test func isTheSameForHTTPTypes() throws {
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "example", path: "/1",
            headerFields: [.accept: "*/*", .xRequestID: "mine"])
        #expect(RequestKey(head, peer: nil) == key([("Accept", "*/*")]))
    }

    @Test func thereIsNoneForWhatWritesOrHasABody() {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            #expect(key(method: method) == nil)
        }
        #expect(key([("Content-Length", "1")]) == nil)
        #expect(key([("Transfer-Encoding", "chunked")]) == nil)
    }

    @Test func thereIsNoneForALongHead() {
        let long = String(repeating: "x", count: RequestKey.largestHead)
        #expect(key([], "/" + long) == nil)
        #expect(key([("Accept", long)]) == nil)
    }
}
