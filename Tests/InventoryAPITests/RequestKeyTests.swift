import HTTPTypes
import Hummingbird
import Testing

@testable import InventoryAPI

/// Which requests have the same answer as another.
@Suite struct RequestKeyTests {
    private func key(
        _ headers: HTTPFields = [:], _ path: String = "/1", method: HTTPRequest.Method = .get,
        host: String = "example", scheme: String = "http"
    ) -> RequestKey? {
        let head = HTTPRequest(
            method: method, scheme: scheme, authority: host, path: path, headerFields: headers)
        return RequestKey(Request(head: head, body: .init(buffer: ByteBuffer())))
    }

    @Test func isTheSameForTheSameHead() throws {
        let one = try #require(key())
        #expect(one == key())
        #expect(one.hashValue == key()?.hashValue)
    }

    @Test func dependsOnEveryHeader() throws {
        let one = try #require(key())
        #expect(one != key(host: "other"))
        #expect(one != key(scheme: "https"))
        #expect(one != key([.ifNoneMatch: "\"1\""]))
        let name = try #require(HTTPField.Name("Unheard-Of"))
        #expect(one != key([name: ""]))
        #expect(one != key([:], "/2"))
        #expect(one != key(method: .head))
    }

    @Test func doesNotDependOnTheNameOfTheRequest() throws {
        let one = try #require(key())
        let id = try #require(HTTPField.Name("X-REQUEST-ID"))
        #expect(one == key([id: "mine"]))
        let trace: HTTPFields = [.traceParent: "00", .traceState: "a=b"]
        #expect(one == key(trace))
    }

    @Test func thereIsNoneForWhatWritesOrHasABody() {
        for method in [HTTPRequest.Method.post, .put, .patch, .delete, .options] {
            #expect(key(method: method) == nil)
        }
        #expect(key([.contentLength: "1"]) == nil)
        #expect(key([.transferEncoding: "chunked"]) == nil)
    }

    @Test func thereIsNoneForALongHead() {
        let long = String(repeating: "x", count: RequestKey.largestHead)
        #expect(key([:], "/" + long) == nil)
        #expect(key([.accept: long]) == nil)
    }
}
