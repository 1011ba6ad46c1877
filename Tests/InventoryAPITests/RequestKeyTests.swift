@testable import InventoryAPI
import NIOHTTP1
import Testing

/// Which requests have the same answer as another.
@Suite struct RequestKeyTests {
    private func key(
        _ headers: HTTPHeaders = ["Host": "example"], _ uri: String = "/1",
        method: HTTPMethod = .GET, peer: String = "192.0.2.1"
    ) -> RequestKey? {
        RequestKey(
            HTTPRequestHead(version: .http1_1, method: method, uri: uri, headers: headers),
            peer: peer)
    }

    @Test func isTheSameForTheSameHeadFromAnywhere() throws {
        let one = try #require(key())
        #expect(one == key(peer: "192.0.2.2"))
        #expect(one.hashValue == key()?.hashValue)
    }

    @Test func dependsOnEveryHeader() throws {
        let one = try #require(key())
        #expect(one != key([:]))
        #expect(one != key(["Host": "other"]))
        #expect(one != key(["Host": "example", "If-None-Match": "\"1\""]))
        #expect(one != key(["Host": "example", "Unheard-Of": ""]))
        #expect(one != key(["Host": "example"], "/2"))
        #expect(one != key(method: .HEAD))
    }

    @Test func doesNotDependOnTheNameOfTheRequest() throws {
        let one = try #require(key())
        #expect(one == key(["Host": "example", "X-REQUEST-ID": "mine"]))
        #expect(one == key(["Host": "example", "Traceparent": "00", "tracestate": "a=b"]))
    }

    @Test(arguments: ["X-Forwarded-For", "x-forwarded-proto"])
    func dependsOnThePeerWhereThatSpeaksForOthers(header: String) throws {
        let headers: HTTPHeaders = ["Host": "example", header: "https"]
        let one = try #require(key(headers))
        #expect(one == key(headers))
        #expect(one != key(headers, peer: "192.0.2.2"))
    }

    @Test func thereIsNoneForWhatWritesOrHasABody() {
        for method in [HTTPMethod.POST, .PUT, .PATCH, .DELETE, .OPTIONS] {
            #expect(key(method: method) == nil)
        }
        #expect(key(["Host": "example", "Content-Length": "1"]) == nil)
        #expect(key(["Host": "example", "Transfer-Encoding": "chunked"]) == nil)
    }

    @Test func thereIsNoneForALongHead() {
        let long = String(repeating: "x", count: RequestKey.largestHead)
        #expect(key(["Host": "example"], "/" + long) == nil)
        #expect(key(["Host": "example", "Accept": long]) == nil)
    }
}
