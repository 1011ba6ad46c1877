internal import HTTPTypes
package import HummingbirdCore
package import Logging
package import NIOCore
internal import NIOHTTP1
package import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

/// One connection of HTTP/1, within bounds.
///
/// Hummingbird's own parses all that it reads at once, has one deadline for idle connections and
/// none for slow ones, and refuses what it cannot parse without a sentence.
package struct InventoryChannel: HTTPChannelHandler {
    package typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    package let responder: Responder
    private let answers: KeptAnswers?
    private let limits: ConnectionLimits

    /// - Parameter answers: Where answers are kept to be given again; nil where none are.
    package init(
        responder: @escaping Responder, answers: KeptAnswers?,
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
        self.answers = answers
        self.limits = limits
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try setOptions(of: channel)
            let connection = ConnectionGuard(limits: limits)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(RequestWatchHandler())
            try pipeline.addHandler(connection)
            var decoderLimits = NIOHTTPDecoderLimitConfiguration()
            // A little more than the API takes, so that it is the API that refuses.
            decoderLimits.maxHeaderFieldSize = LimitsMiddleware.largestHeaders + 1024
            decoderLimits.maxHeaderListSize = LimitsMiddleware.largestHeaders + 8 * 1024
            let decoder = RequestDecoder(limits: decoderLimits)
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(ByteToMessageHandler(decoder))
            try pipeline.addHandler(RequestGuard(connection: connection, decoder: decoder))
            if let answers {
                try pipeline.addHandler(KeptAnswerHandler(answers: answers, logger: logger))
            }
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
        await withTaskExecutorPreference(LoopExecutor.of(value.channel.eventLoop)) {
            await handleHTTP(asyncChannel: value, logger: logger)
        }
    }
}
