internal import NIOCore
internal import NIOHTTP1

/// NIO's parser stops after a request with `Upgrade`, which servers may ignore (RFC 9110 §7.8), so
/// the next request gets a new parser. ``SlowClientHandler`` never forwards bytes of two requests
/// at once, so no byte is lost.
final class RequestDecoder: ByteToMessageDecoder {
    typealias InboundOut = HTTPServerRequestPart

    private let limits: NIOHTTPDecoderLimitConfiguration
    private var parser: HTTPRequestDecoder
    private var isStopped = false

    init(limits: NIOHTTPDecoderLimitConfiguration) {
        self.limits = limits
        parser = HTTPRequestDecoder(limitConfiguration: limits)
    }

    func upgradeEnded() { isStopped = true }

    func decoderAdded(context: ChannelHandlerContext) { parser.decoderAdded(context: context) }

    func decoderRemoved(context: ChannelHandlerContext) { parser.decoderRemoved(context: context) }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        if isStopped {
            parser.decoderRemoved(context: context)
            parser = HTTPRequestDecoder(limitConfiguration: limits)
            parser.decoderAdded(context: context)
            isStopped = false
        }
        return try parser.decode(context: context, buffer: &buffer)
    }

    func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        try parser.decodeLast(context: context, buffer: &buffer, seenEOF: seenEOF)
    }
}
