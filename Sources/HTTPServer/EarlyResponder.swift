package import HTTPTypes
package import NIOCore
internal import NIOHTTP1

package typealias CompleteResponse = (head: HTTPResponse, body: ByteBuffer)

/// A response to a request before it reaches the router.
package enum EarlyResponse: Sendable {
    case ready(CompleteResponse)
    /// A look-up of the response. If it returns nil, the request is forwarded to the router.
    case pending(@Sendable () async -> CompleteResponse?)
}

/// Responds to requests on the event loop of their connection, which it must not block.
package protocol EarlyResponder: Sendable {
    /// The response to a request without a body; nil to forward the request to the router.
    func response(to head: RequestHead) -> EarlyResponse?
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

    package func values(of name: String) -> [String] { head.headers[name] }
}
