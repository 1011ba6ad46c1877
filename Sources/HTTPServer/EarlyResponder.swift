package import HTTPTypes
package import NIOCore
internal import NIOHTTP1

package typealias CompleteResponse = (head: HTTPResponse, body: ByteBuffer)

/// The response to a request that needs no handler.
package enum EarlyResponse: Sendable {
    case ready(CompleteResponse)
    /// A response that needs a look-up, which returns nil to forward the request after all.
    case pending(@Sendable () async -> CompleteResponse?)
}

/// Responds on the event loop of a connection; it must not block it.
package protocol EarlyResponder: Sendable {
    /// The response to a request without a body; nil to forward the request.
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
