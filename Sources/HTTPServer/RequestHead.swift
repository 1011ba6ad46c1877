internal import NIOHTTP1

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
