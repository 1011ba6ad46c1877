package import HummingbirdCore
package import Logging
package import NIOCore
internal import NIOHTTP1
package import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

/// One HTTP/1.1 connection with limits on memory and time.
///
/// Hummingbird's channel parses all received bytes at once, has no deadline for slow clients, and
/// rejects malformed requests without an explanation.
package struct BoundedHTTPChannel: HTTPChannelHandler {
    package typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    package let responder: Responder
    private let immediate: any ImmediateResponder

    /// - Parameter responder: Gets the requests that `immediate` does not respond to.
    package init(responder: @escaping Responder, immediate: any ImmediateResponder) {
        self.responder = responder
        self.immediate = immediate
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try setOptions(of: channel)
            let connection = SlowClientHandler()
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(RequestWatchHandler())
            try pipeline.addHandler(connection)
            var decoderLimits = NIOHTTPDecoderLimitConfiguration()
            // Slightly above our limits, so that ours apply first.
            decoderLimits.maxHeaderFieldSize = ConnectionLimits.largestHeaders + 1024
            decoderLimits.maxHeaderListSize = ConnectionLimits.largestHeaders + 8 * 1024
            let decoder = RequestDecoder(limits: decoderLimits)
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(ByteToMessageHandler(decoder))
            try pipeline.addHandler(
                RequestValidationHandler(
                    connection: connection, decoder: decoder, responder: immediate,
                    peer: channel.remoteAddress?.ipAddress ?? ""))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    private func setOptions(of channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        try options.setOption(ChannelOptions.maxMessagesPerRead, value: 1)
        try options.setOption(
            ChannelOptions.recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(
                minimum: 1024, initial: ConnectionLimits.sliceBytes,
                maximum: ConnectionLimits.readBytes))
        try options.setOption(
            .socketOption(.so_rcvbuf), value: numericCast(ConnectionLimits.receiveBufferBytes))
        try options.setOption(
            .socketOption(.so_sndbuf), value: numericCast(ConnectionLimits.sendBufferBytes))
    }

    package func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopTaskExecutor(value.channel.eventLoop)) {
            await handleHTTP(asyncChannel: value, logger: logger)
        }
    }
}
