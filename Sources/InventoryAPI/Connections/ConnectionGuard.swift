internal import Foundation
internal import NIOCore
internal import NIOHTTP1

/// Stands between a socket and the parser of its requests, so that no client holds memory or a
/// connection for as long as it likes.
///
/// A parser turns all that was read into requests at once, and a request takes some fifty times the
/// memory of its bytes. So bytes are handed on in small slices, the next one only when the server
/// asks for it, and what is not asked for stays in the socket, where it holds back its sender.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// What the client is expected to do next.
    private enum Phase {
        case beginRequest
        case endHead
        /// - Parameter received: How many bytes have come since the client was last looked at.
        case endBody(received: Int)
        /// Nothing but to take the answer.
        case takeAnswer
    }

    private let limits: ConnectionLimits
    private var phase = Phase.beginRequest
    /// How long the client has been waited for in this phase; for a body, beyond what it may take.
    private var waited = TimeAmount.zero
    private var checks: RepeatedTask?

    private var unparsed = ByteBuffer()
    private var isHandingOn = false
    /// Whether whoever reads requests waits for more.
    private var isWanted = false
    /// Whether the socket was asked for bytes and has not given any yet.
    private var isReading = false
    private var isInputClosed = false

    private var written = 0
    private var taken = 0
    private var isTooLate = false

    init(limits: ConnectionLimits) {
        self.limits = limits
    }

    // MARK: What the requests on the connection are told by

    func headEnded() { enter(.endBody(received: 0)) }
    func requestEnded() { enter(.takeAnswer) }
    func answerEnded() { enter(.beginRequest) }

    private func enter(_ phase: Phase) {
        self.phase = phase
        waited = .zero
    }

    // MARK: Bytes from the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = false
        var bytes = unwrapInboundIn(data)
        if unparsed.readableBytes == 0 { unparsed = bytes } else { unparsed.writeBuffer(&bytes) }
        // More than is ever asked for at once comes only from who closes its side early.
        if unparsed.readableBytes > limits.mostUnparsedBytes { abort(context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        handOn(context)
        // A client that sends nothing until it has its answer need not be held back: to tell the
        // system so for each request costs more than the request's head.
        if unparsed.readableBytes == 0 { readSocket(context) }
    }

    func read(context: ChannelHandlerContext) {
        isWanted = true
        if unparsed.readableBytes == 0 { readSocket(context) } else { handOn(context) }
    }

    private func readSocket(_ context: ChannelHandlerContext) {
        isReading = true
        context.read()
    }

    /// Hands on slices for as long as somebody wants them.
    private func handOn(_ context: ChannelHandlerContext) {
        guard !isHandingOn else { return }
        isHandingOn = true
        while isWanted, unparsed.readableBytes > 0 {
            isWanted = false
            let length = min(limits.sliceBytes, unparsed.readableBytes)
            guard let slice = unparsed.readSlice(length: length) else { break }
            note(length)
            context.fireChannelRead(wrapInboundOut(slice))
            context.fireChannelReadComplete()
            // As NIO does after it has read: from the end of the pipeline, so that each handler that is
            // busy can hold it back.
            context.channel.read()
        }
        isHandingOn = false
        if isInputClosed, unparsed.readableBytes == 0 {
            isInputClosed = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    private func note(_ length: Int) {
        switch phase {
        case .beginRequest: enter(.endHead)
        case .endBody(let received): phase = .endBody(received: received + length)
        case .endHead, .takeAnswer: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent, unparsed.readableBytes > 0 {
            isInputClosed = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Bytes to the client

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
    }

    // MARK: Deadlines

    func channelActive(context: ChannelHandlerContext) {
        watch(context)
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { watch(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        checks?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        checks?.cancel()
        unparsed = ByteBuffer()
        context.fireChannelInactive()
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
        let untaken = (try? options?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
        if untaken > 0 {
            checkAnswer(context, untaken: untaken)
        } else if isReading {
            waited = waited + limits.checkInterval
            checkRequest(context)
        }
    }

    private func checkAnswer(_ context: ChannelHandlerContext, untaken: Int) {
        let progress = written - untaken - taken
        taken += progress
        waited = progress >= limits.leastProgress ? .zero : waited + limits.checkInterval
        if waited >= limits.answerTimeout { abort(context) }
    }

    private func checkRequest(_ context: ChannelHandlerContext) {
        switch phase {
        case .beginRequest where waited >= limits.idleTimeout: context.close(promise: nil)
        case .endHead where waited >= limits.headTimeout: giveUp(context)
        case .endBody(let received):
            // Who was quick at first may not stand still for the longer.
            waited = max(.zero, waited - limits.longestTime(ofBytes: received))
            phase = .endBody(received: 0)
            if waited >= limits.bodyTimeout { giveUp(context) }
        default: break
        }
    }

    /// Lets the request be answered as one that took too long; where that does not end it either,
    /// the connection ends.
    private func giveUp(_ context: ChannelHandlerContext) {
        if isTooLate { return abort(context) }
        isTooLate = true
        if case .endHead = phase {
            // Without a head only what the parser says is answered.
            context.fireErrorCaught(RequestTimeout.ofHead)
        } else {
            context.fireErrorCaught(RequestTimeout())
        }
    }

    /// Ends the connection at once: the system forgets what was not taken yet.
    private func abort(_ context: ChannelHandlerContext) {
        context.channel.forgetUntakenAtClose()
        context.close(promise: nil)
    }
}

extension Channel {
    /// Lets the system forget what the client has not taken when the connection is closed, and tell the
    /// client so.
    func forgetUntakenAtClose() {
        if let socket = self as? any SocketOptionProvider {
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
        }
    }
}

/// The client took too long to send a request.
struct RequestTimeout: Error {
    /// An error that NIO's parser has a name for and never throws.
    static let ofHead = HTTPParserError.paused
}
