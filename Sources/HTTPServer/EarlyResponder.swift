package import HTTPTypes
package import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

/// A response as the connection sends it.
package struct CompleteResponse: Sendable {
    private(set) var head: HTTPResponseHead
    package let body: ByteBuffer

    package init(_ head: HTTPResponse, body: ByteBuffer) {
        self.head = HTTPResponseHead(head)
        self.body = body
    }

    package var status: Int { Int(head.status.code) }

    package mutating func addHeader(_ name: HTTPField.Name, _ value: String) {
        head.headers.add(name: name.rawName, value: value)
    }
}

/// A response that the connection sends itself, without Hummingbird's channel.
package enum EarlyResponse: Sendable {
    case ready(CompleteResponse)
    case pending(@Sendable () async throws -> CompleteResponse)
}

/// Responds to requests on the event loop of their connection, which it must not block.
package protocol EarlyResponder: Sendable {
    /// The response to a request without a body; nil to forward the request to the router.
    func response(to head: RequestHead, on channel: any Channel) -> EarlyResponse?
    func response(to rejected: RejectedRequest) -> CompleteResponse
}

package struct RequestHead: Sendable {
    let head: HTTPRequestHead
    /// The address of the other end of the connection; empty if it has none.
    package let peer: String

    package var method: String { head.method.rawValue }
    /// The path and the query.
    package var uri: String { head.uri }
    package var headers: some Sequence<(name: String, value: String)> { head.headers }
    /// The head as the router gets it; nil if it is invalid.
    package var request: HTTPRequest? {
        try? HTTPRequest(head, secure: false, splitCookie: false)
    }

    package func values(of name: String) -> [String] { head.headers[name] }
}
