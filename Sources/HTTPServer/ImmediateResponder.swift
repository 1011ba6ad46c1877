package import HTTPTypes
package import NIOCore
internal import NIOHTTP1

package typealias ImmediateResponse = (head: HTTPResponse, body: ByteBuffer)

/// Responds on the event loop of a connection; it must not wait for anything.
package protocol ImmediateResponder: Sendable {
    /// The response to a request without a body; nil to forward the request.
    func response(to head: RequestHead) -> ImmediateResponse?
    /// The response to a request that cannot be forwarded.
    func response(to rejected: RejectedRequest) -> ImmediateResponse
}

/// The head of a request as it was received.
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
