package import HummingbirdCore
package import Logging
package import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import Synchronization

/// An HTTP/1.1 connection with limits on memory and time. Hummingbird's channel parses all received
/// bytes at once, has no deadline for slow clients, and does not explain rejected requests.
package struct BoundedHTTPChannel: HTTPChannelHandler {
    package typealias Value = HTTPConnection

    package let responder: Responder
    private let early: any EarlyResponder

    /// - Parameter responder: Gets the requests that `early` does not respond to.
    package init(responder: @escaping Responder, early: any EarlyResponder) {
        self.responder = responder
        self.early = early
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try setOptions(of: channel)
            let connection = SlowClientHandler()
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(RequestWatchHandler())
            try pipeline.addHandler(connection)
            var decoderLimits = NIOHTTPDecoderLimitConfiguration()
            // Slightly above the server's own limits, so that the server's limits apply first.
            decoderLimits.maxHeaderFieldSize = ConnectionLimits.largestHeaders + 1024
            decoderLimits.maxHeaderListSize = ConnectionLimits.largestHeaders + 8 * 1024
            let decoder = RequestDecoder(limits: decoderLimits)
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(ByteToMessageHandler(decoder))
            try pipeline.addHandler(
                RequestValidationHandler(
                    connection: connection, decoder: decoder, responder: early,
                    peer: channel.remoteAddress?.ipAddress ?? ""))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            return HTTPConnection(
                try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)))
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
        guard let parts = value.take() else { return }
        await withTaskExecutorPreference(EventLoopTaskExecutor(value.channel.eventLoop)) {
            await handleHTTP(asyncChannel: parts, logger: logger)
        }
    }
}

/// Closes a connection that the server never handles, which happens at shutdown: NIO stops the
/// program if a channel is released before its writer is finished.
package final class HTTPConnection: ServerChildChannelValue {
    typealias Parts = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    package let channel: any Channel
    private let parts: Mutex<Parts?>

    init(_ parts: Parts) {
        channel = parts.channel
        self.parts = Mutex(parts)
    }

    /// Returns the streams of requests and responses; nil if they were taken before.
    func take() -> Parts? {
        parts.withLock { parts in
            defer { parts = nil }
            return parts
        }
    }

    deinit {
        guard let parts = take() else { return }
        Task { try? await parts.executeThenClose { _, _ in } }
    }
}
