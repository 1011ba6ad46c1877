internal import Foundation
internal import NIOCore

/// Limits how long a client can hold memory or a connection; it is between the socket and the
/// parser. A parsed request takes some fifty times the memory of its bytes, so the handler forwards
/// small slices to the parser on demand. No slice goes beyond the end of a request: the next
/// request is parsed when the client has read most of the response.
final class SlowClientHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// What the client is expected to do next.
    private enum Phase {
        case beginRequest
        case endHead
        /// - Parameter remaining: Bytes still expected; nil if they come in chunks.
        case endBody(remaining: Int?)
        case readResponse
        /// The client should read the last response and close; all bytes from it are discarded.
        case leave
    }

    private var context: ChannelHandlerContext?
    private var phase = Phase.beginRequest
    private(set) var head = HeadScanner()
    private var chunks = ChunkScanner()
    /// How long this phase has lasted; for a body, minus the time that its bytes may take.
    private var waited = TimeAmount.zero
    /// Counts received bytes: of a body since the last check, or of the phase `leave` in total.
    private var received = 0
    private var checks: RepeatedTask?
    private var lastClose: Scheduled<Void>?
    private var unparsed = ByteBuffer()
    private var isForwarding = false
    /// Whether the next handler waits for more bytes.
    private var isWanted = false
    /// Whether a read of the socket is pending.
    private var isReading = false
    /// Whether the client has closed its side and the next handlers do not know that yet.
    private var isInputClosed = false
    private var unread = UnreadBytes()
    private var isTooLate = false

    // MARK: Events from RequestValidationHandler

    /// - Parameter bodyLength: The length of the body in bytes; nil if the body comes in chunks.
    func headEnded(bodyLength: Int?) {
        enter(.endBody(remaining: bodyLength))
        chunks = ChunkScanner()
    }

    func requestEnded() { enter(.readResponse) }

    func responseEnded() {
        enter(.beginRequest)
        forwardSlices()
    }

    /// Closes the server's side after the last response, and discards bytes until the client closes
    /// its own: a socket that is closed with unread bytes is reset, which loses the response.
    func lastResponseEnded(isRequestOpen: Bool) {
        guard let context else { return }
        enter(.leave)
        unparsed = ByteBuffer()
        context.close(mode: .output, promise: nil)
        if isInputClosed { return context.close(promise: nil) }
        if !isReading { readSocket(context) }
        let timeout =
            isRequestOpen ? ConnectionLimits.discardTimeout : ConnectionLimits.lingerTimeout
        lastClose = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            context.close(promise: nil)
        }
    }

    private func enter(_ phase: Phase) {
        self.phase = phase
        waited = .zero
        received = 0
    }

    // MARK: Bytes from the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = false
        var bytes = unwrapInboundIn(data)
        if case .leave = phase {
            received += bytes.readableBytes
            if received > ConnectionLimits.mostDiscardedBytes { context.close(promise: nil) }
            return
        }
        if unparsed.readableBytes == 0 { unparsed = bytes } else { unparsed.writeBuffer(&bytes) }
        if unparsed.readableBytes > ConnectionLimits.mostUnparsedBytes { abort() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        forwardSlices()
        // Read during a response, too: a client that waits for it sends nothing, and pausing the
        // socket for each request costs more than parsing its head.
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

    private func forwardSlices() {
        guard let context, !isForwarding else { return }
        isForwarding = true
        while isWanted, let slice = nextSlice(context) {
            isWanted = false
            context.fireChannelRead(wrapInboundOut(slice))
            context.fireChannelReadComplete()
            // Ask for more bytes at the pipeline's end, as NIO does after a read, so that a busy
            // handler can delay the next read.
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
        var length = min(ConnectionLimits.sliceBytes, unparsed.readableBytes)
        switch phase {
        case .endHead:
            length = head.lengthToEnd(of: unparsed, atMost: length)
        case .endBody(let remaining):
            length =
                remaining.map { min(length, $0) }
                ?? chunks.lengthToEnd(of: unparsed, atMost: length)
            phase = .endBody(remaining: remaining.map { $0 - length })
            received += length
        case .beginRequest, .readResponse, .leave: return nil
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

    /// Reports to the next handlers that the client closed its side, but only after the response,
    /// because they would close the connection.
    private func reportClosedInput(_ context: ChannelHandlerContext) {
        if case .readResponse = phase { return }
        guard isInputClosed, unparsed.readableBytes == 0 else { return }
        isInputClosed = false
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    // MARK: Bytes to the client

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        unread.written += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
    }

    /// Closes the connection when all bytes are sent. Otherwise NIO would discard unsent bytes,
    /// even if only our side is closed after the client has closed its own.
    func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        guard mode != .input else { return context.close(mode: mode, promise: promise) }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in
            context.close(mode: mode, promise: promise)
        }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: sent)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        forwardSlices()
        context.fireChannelWritabilityChanged()
    }

    // MARK: Deadlines

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        checks = context.eventLoop.scheduleRepeatedTask(
            initialDelay: ConnectionLimits.checkInterval, delay: ConnectionLimits.checkInterval
        ) { _ in bound.value.handler.check(bound.value.context) }
        context.fireChannelActive()
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

    private func check(_ context: ChannelHandlerContext) {
        let options = context.channel.syncOptions
        let buffered = (try? options?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
        if unread.isTooOld(buffered: buffered) { return abort() }
        guard buffered == 0, isReading else { return }
        waited = waited + ConnectionLimits.checkInterval
        switch phase {
        case .beginRequest where waited >= ConnectionLimits.idleTimeout: context.close(promise: nil)
        case .endHead where waited >= ConnectionLimits.headTimeout: timeOut(context)
        case .endBody:
            let allowed = Int64(received) * 1_000_000_000 / ConnectionLimits.leastBodyRate
            // At least zero, so that a fast start does not allow a longer pause later.
            waited = max(.zero, waited - .nanoseconds(allowed))
            received = 0
            if waited >= ConnectionLimits.bodyTimeout { timeOut(context) }
        default: break
        }
    }

    /// Responds that the request took too long; the second time, ends the connection.
    private func timeOut(_ context: ChannelHandlerContext) {
        if isTooLate { return abort() }
        isTooLate = true
        context.fireErrorCaught(RequestTimeout())
    }

    /// Resets the connection: the system discards unsent bytes.
    func abort(_ promise: EventLoopPromise<Void>? = nil) {
        guard let context else { return promise?.fail(ChannelError.alreadyClosed) ?? () }
        if let socket = context.channel as? any SocketOptionProvider {
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
        }
        context.close(promise: promise)
    }
}

/// Measures how long a client does not read what was written to it.
private struct UnreadBytes {
    var written = 0
    private var read = 0
    private var duration = TimeAmount.zero

    /// Returns whether the client reads too slowly. Each check must call this once. `buffered` is
    /// the number of bytes that the client has not read.
    mutating func isTooOld(buffered: Int) -> Bool {
        let progress = written - buffered - read
        read += progress
        let isReading = buffered == 0 || progress >= ConnectionLimits.leastProgress
        duration = isReading ? .zero : duration + ConnectionLimits.checkInterval
        return duration >= ConnectionLimits.responseTimeout
    }
}
