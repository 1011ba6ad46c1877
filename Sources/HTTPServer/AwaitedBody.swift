internal import HummingbirdCore
internal import NIOCore

/// The body of a request with `Expect: 100-continue` (RFC 9110 §10.1.1).
///
/// The server sends 100 when the body is first read, so that a request that is refused before costs no
/// upload.
struct AwaitedBody: AsyncSequence, Sendable {
    /// The body is read now.
    struct Begun: Sendable {}

    let body: RequestBody
    let channel: any Channel

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pieces: body.makeAsyncIterator(), channel: channel)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var pieces: RequestBody.AsyncIterator
        let channel: any Channel
        private var isBegun = false

        init(pieces: RequestBody.AsyncIterator, channel: any Channel) {
            (self.pieces, self.channel) = (pieces, channel)
        }

        mutating func next() async throws -> ByteBuffer? {
            if !isBegun { channel.triggerUserOutboundEvent(Begun(), promise: nil) }
            isBegun = true
            return try await pieces.next()
        }
    }
}
