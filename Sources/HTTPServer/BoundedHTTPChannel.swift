package import HTTPTypes
package import HummingbirdCore
package import Logging
package import NIOCore
internal import NIOHTTP1
package import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

package typealias ImmediateResponse = (head: HTTPResponse, body: ByteBuffer)

/// Responds on the event loop of a connection; it must not wait for anything.
package protocol ImmediateResponder: Sendable {
    /// The response to a request without a body; nil if it is to be forwarded.
    func response(to head: RequestHead) -> ImmediateResponse?
    /// The response to a request that cannot be forwarded.
    func response(to rejected: RejectedRequest) -> ImmediateResponse
}

/// One HTTP/1.1 connection with limits on memory and time.
///
/// Hummingbird's own parses everything that it has read at once, has no deadline for slow clients, and rejects
/// malformed requests without an explanation.
package struct BoundedHTTPChannel: HTTPChannelHandler {
    package typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    package let responder: Responder
    private let immediate: any ImmediateResponder
    private let limits: ConnectionLimits

    /// - Parameter responder: Gets the requests that `immediate` does not respond to.
    package init(
        responder: @escaping Responder, immediate: any ImmediateResponder,
        limits: ConnectionLimits = ConnectionLimits()
    ) {
        self.responder = { request, writer, channel in
            var request = request
            if request.headers.contains(.expect) {
                let body = AwaitedBody(body: request.body, channel: channel)
                request.body = RequestBody(asyncSequence: body)
            }
            try await responder(request, writer, channel)
        }
        self.immediate = immediate
        self.limits = limits
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try setOptions(of: channel)
            let connection = SlowClientHandler(limits: limits)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(RequestWatchHandler())
            try pipeline.addHandler(connection)
            var decoderLimits = NIOHTTPDecoderLimitConfiguration()
            // A little more than the API takes, so that it is the API that refuses.
            decoderLimits.maxHeaderFieldSize = limits.largestHeaders + 1024
            decoderLimits.maxHeaderListSize = limits.largestHeaders + 8 * 1024
            let decoder = RequestDecoder(limits: decoderLimits)
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(ByteToMessageHandler(decoder))
            try pipeline.addHandler(
                RequestValidationHandler(
                    connection: connection, decoder: decoder, limits: limits, responder: immediate,
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
                minimum: 1024, initial: limits.sliceBytes, maximum: limits.readBytes))
        try options.setOption(
            .socketOption(.so_rcvbuf), value: numericCast(limits.receiveBufferBytes))
        try options.setOption(.socketOption(.so_sndbuf), value: numericCast(limits.sendBufferBytes))
    }

    package func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopTaskExecutor.of(value.channel.eventLoop)) {
            await handleHTTP(asyncChannel: value, logger: logger)
        }
    }
}
