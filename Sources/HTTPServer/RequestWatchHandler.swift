internal import NIOCore

/// Reports to a ``RequestWatch`` that the client has left or the server shuts down, until the
/// response begins.
final class RequestWatchHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private var watch: RequestWatch?
    private var isInputClosed = false
    private var isShuttingDown = false

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        guard let watch = event as? RequestWatch else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        self.watch = watch
        promise?.succeed()
        if isShuttingDown { watch.stop(.shutdown) }
        probe(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isShuttingDown = true
            watch?.stop(.shutdown)
        }
        if case .inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            probe(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Finds out whether a client that has closed its side still reads.
    ///
    /// If it does, it ignores an interim response; else its system resets the connection.
    private func probe(_ context: ChannelHandlerContext) {
        guard isInputClosed, watch?.mayProbe == true else { return }
        let response = ByteBuffer(string: "HTTP/1.1 102 Processing\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(response)), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        watch = nil
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        clientLeft()
        context.fireChannelInactive()
    }

    /// A watch may come between the two.
    func handlerRemoved(context: ChannelHandlerContext) { clientLeft() }

    private func clientLeft() {
        watch?.stop(.clientLeft)
        watch = nil
    }
}
