internal import NIOCore

/// Limits how long a client can hold memory or a connection; it is between the socket and the parser.
///
/// A parsed request takes some fifty times the memory of its bytes. So bytes are forwarded in small slices,
/// each when the server asks for it; the others stay in the socket and hold back the client. No slice goes
/// beyond the end of a request: the next one is parsed when the client has taken most of the response.
final class SlowClientHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// What the client is expected to do next.
    private enum Phase {
        case beginRequest
        case endHead
        /// - Parameter remaining: How many bytes are still to come; nil if they come in chunks.
        /// - Parameter received: How many bytes have come since the last check.
        case endBody(remaining: Int?, received: Int)
        /// To take the response.
        case takeAnswer
        /// To take the last response and close the connection: all other bytes are discarded.
        case leave(received: Int)
    }

    private let limits: ConnectionLimits
    private var context: ChannelHandlerContext?
    private var phase = Phase.beginRequest
    /// The head of the latest request.
    private(set) var head = HeadScanner()
    /// The body of the latest request, if it comes in chunks.
    private var chunks = ChunkScanner()
    /// How long the client has been waited for in this phase; for a body, beyond what it may take.
    private var waited = TimeAmount.zero
    private var checks: RepeatedTask?
    private var lastClose: Scheduled<Void>?
    private var unparsed = ByteBuffer()
    private var isForwarding = false
    /// Whether the next handler waits for more bytes.
    private var isWanted = false
    /// Whether the socket was asked for bytes and has not given any yet.
    private var isReading = false
    /// Whether the client has closed its side, and the next handlers do not know it yet.
    private var isInputClosed = false

    private var untaken = UntakenBytes()
    private var isTooLate = false

    init(limits: ConnectionLimits) {
        self.limits = limits
    }

    // MARK: What RequestValidationHandler reports

    /// - Parameter bodyLength: How long the body is; nil if it comes in chunks.
    func headEnded(bodyLength: Int?) {
        enter(.endBody(remaining: bodyLength, received: 0))
        chunks = ChunkScanner()
    }

    func requestEnded() { enter(.takeAnswer) }

    func answerEnded() {
        enter(.beginRequest)
        forwardSlices()
    }

    /// Closes our side after the last response, and discards what the client still sends until it closes
    /// its side.
    ///
    /// A socket that is closed with unread bytes is reset, which loses the response.
    ///
    /// - Parameter isRequestOpen: Whether the client may still send a body.
    func lastAnswerEnded(isRequestOpen: Bool) {
        guard let context else { return }
        enter(.leave(received: 0))
        unparsed = ByteBuffer()
        context.close(mode: .output, promise: nil)
        if isInputClosed { return context.close(promise: nil) }
        if !isReading { readSocket(context) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let timeout = isRequestOpen ? limits.discardTimeout : limits.lingerTimeout
        lastClose = context.eventLoop.scheduleTask(in: timeout) {
            bound.value.close(promise: nil)
        }
    }

    private func enter(_ phase: Phase) {
        self.phase = phase
        waited = .zero
    }

    // MARK: Bytes from the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = false
        var bytes = unwrapInboundIn(data)
        if case .leave(let received) = phase {
            phase = .leave(received: received + bytes.readableBytes)
            if received > limits.mostDiscardedBytes { context.close(promise: nil) }
            return
        }
        if unparsed.readableBytes == 0 { unparsed = bytes } else { unparsed.writeBuffer(&bytes) }
        // Only a client that closes its side early sends more than is ever requested at once.
        if unparsed.readableBytes > limits.mostUnparsedBytes { abort() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        forwardSlices()
        // A client that waits for its response need not be held back, and to stop reading for each
        // request costs more than its head.
        if unparsed.readableBytes == 0 { readSocket(context) }
    }

    func read(context: ChannelHandlerContext) {
        isWanted = true
        if unparsed.readableBytes == 0 { readSocket(context) } else { forwardSlices() }
    }

    private func readSocket(_ context: ChannelHandlerContext) {
        isReading = true
        context.read()
    }

    /// Forwards slices as long as the next handler wants them.
    private func forwardSlices() {
        guard let context, !isForwarding else { return }
        isForwarding = true
        while isWanted, let slice = nextSlice(context) {
            isWanted = false
            context.fireChannelRead(wrapInboundOut(slice))
            context.fireChannelReadComplete()
            // As NIO does after it has read: from the end of the pipeline, so that each handler that is
            // busy can hold it back.
            context.channel.read()
        }
        isForwarding = false
        reportClosedInput(context)
    }

    private func nextSlice(_ context: ChannelHandlerContext) -> ByteBuffer? {
        if case .beginRequest = phase, unparsed.readableBytes > 0 {
            guard context.channel.isWritable else { return nil }
            head = HeadScanner()
            enter(.endHead)
        }
        var length = min(limits.sliceBytes, unparsed.readableBytes)
        switch phase {
        case .endHead:
            length = head.lengthToEnd(of: unparsed, atMost: length)
        case .endBody(let remaining, let received):
            length =
                remaining.map { min(length, $0) }
                ?? chunks.lengthToEnd(of: unparsed, atMost: length)
            phase = .endBody(remaining: remaining.map { $0 - length }, received: received + length)
        case .beginRequest, .takeAnswer, .leave: return nil
        }
        return length > 0 ? unparsed.readSlice(length: length) : nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        if case .leave = phase { return context.close(promise: nil) }
        isInputClosed = true
        reportClosedInput(context)
    }

    /// The next handlers would close the connection without finishing an open request, so the event
    /// waits for the response.
    private func reportClosedInput(_ context: ChannelHandlerContext) {
        if case .takeAnswer = phase { return }
        guard isInputClosed, unparsed.readableBytes == 0 else { return }
        isInputClosed = false
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    // MARK: Bytes to the client

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        untaken.written += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
    }

    func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        guard mode != .input else { return context.close(mode: mode, promise: promise) }
        context.close(mode, afterSending: wrapOutboundOut(.byteBuffer(ByteBuffer())), promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        forwardSlices()
        context.fireChannelWritabilityChanged()
    }

    // MARK: Deadlines

    func channelActive(context: ChannelHandlerContext) {
        watch(context)
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { watch(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        cancelTasks()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTasks()
        unparsed = ByteBuffer()
        context.fireChannelInactive()
    }

    /// A scheduled task would keep the closed connection in memory.
    private func cancelTasks() {
        checks?.cancel()
        lastClose?.cancel()
    }

    private func watch(_ context: ChannelHandlerContext) {
        guard checks == nil else { return }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        checks = context.eventLoop.scheduleRepeatedTask(
            initialDelay: limits.checkInterval, delay: limits.checkInterval
        ) { _ in bound.value.handler.check(bound.value.context) }
    }

    private func check(_ context: ChannelHandlerContext) {
        let options = context.channel.syncOptions
        let buffered = (try? options?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
        if untaken.isTooOld(buffered: buffered, limits) { return abort() }
        guard buffered == 0, isReading else { return }
        waited = waited + limits.checkInterval
        checkRequest(context)
    }

    private func checkRequest(_ context: ChannelHandlerContext) {
        switch phase {
        case .beginRequest where waited >= limits.idleTimeout: context.close(promise: nil)
        case .endHead where waited >= limits.headTimeout: giveUp(context)
        case .endBody(let remaining, let received):
            // A client that was quick at first must not pause longer for that.
            waited = max(.zero, waited - limits.longestTime(ofBytes: received))
            phase = .endBody(remaining: remaining, received: 0)
            if waited >= limits.bodyTimeout { giveUp(context) }
        default: break
        }
    }

    /// Responds that the request took too long; the second time, ends the connection.
    private func giveUp(_ context: ChannelHandlerContext) {
        if isTooLate { return abort() }
        isTooLate = true
        context.fireErrorCaught(RequestTimeout())
    }

    /// Ends the connection at once: the system discards unsent bytes.
    func abort(_ promise: EventLoopPromise<Void>? = nil) {
        guard let context else { return promise?.fail(ChannelError.alreadyClosed) ?? () }
        context.channel.forgetUntakenAtClose()
        context.close(promise: promise)
    }
}
