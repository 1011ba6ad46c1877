internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Validates requests: it rejects invalid ones, responds at once if the responder can, and forwards all
/// others.
///
/// It closes the connection after the last response.
final class RequestValidationHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: SlowClientHandler
    private let decoder: RequestDecoder
    private let limits: ConnectionLimits
    private let responder: any ImmediateResponder
    private let peer: String
    /// The head of a request without a body, held until its end.
    private var heldHead: HTTPRequestHead?
    private var isRequestOpen = false
    private var isAnswerOpen = false
    /// Whether the connection closes after this response.
    private var isLast = false
    private var isClientOld = false
    /// Whether a part of an answer was written, and its end is still to come.
    private var isAnswerBegun = false
    private var isRefused = false
    /// Whether the client may still send the body of a request that was rejected.
    private var isRefusedBodyOpen = false
    /// Whether the body may be longer than any that the server accepts.
    private var isBodyLong = false
    /// Whether the client may send a body that the server does not read, or may send none.
    private var isBodyDoubtful: Bool { isBodyLong || isContinueDue }
    private var hasUpgrade = false
    private var isHead = false
    /// Whether the client waits for 100 before it sends the body.
    private var isContinueDue = false

    init(
        connection: SlowClientHandler, decoder: RequestDecoder, limits: ConnectionLimits,
        responder: any ImmediateResponder, peer: String
    ) {
        self.connection = connection
        self.decoder = decoder
        self.limits = limits
        self.responder = responder
        self.peer = peer
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            begin(head, context)
        case .body:
            // The rest of a body is discarded if the response did not need it.
            if isAnswerOpen { context.fireChannelRead(data) }
        case .end:
            isRequestOpen = false
            if hasUpgrade { decoder.upgradeEnded() }
            // Nothing is parsed after the last request, even if its response is not written yet.
            if isAnswerOpen || isLast {
                connection.requestEnded()
            } else {
                connection.answerEnded()
            }
            forwardEnd(data, context)
        }
    }

    private func forwardEnd(_ end: NIOAny, _ context: ChannelHandlerContext) {
        if let head = heldHead {
            heldHead = nil
            if let response = responder.response(to: RequestHead(head: head, peer: peer)) {
                return respond(response, context)
            }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        }
        context.fireChannelRead(end)
    }

    private func begin(_ received: HTTPRequestHead, _ context: ChannelHandlerContext) {
        // The response to one request must never be taken for that of another.
        guard !isRequestOpen, !isAnswerOpen else { return context.close(promise: nil) }
        isRequestOpen = true
        isAnswerOpen = true
        var head = received
        let traits = RequestTraits(head)
        connection.headEnded(bodyLength: traits.bodyLength)
        if traits.hasOddConnection { head.headers.remove(name: "connection") }
        isBodyLong = traits.bodyLength.map { $0 > limits.shortBody } ?? true
        hasUpgrade = traits.hasUpgrade
        isHead = head.method == .HEAD
        isContinueDue = traits.expectsContinue && !head.version.isBefore11
        isLast = isLast || !head.isKeepAlive || head.method == .CONNECT
        isClientOld = head.version.isBefore11
        let rejected = RejectedRequest(
            head, traits, isHTTP: connection.head.namesHTTP, limits)
        if let rejected {
            isRefusedBodyOpen = traits.bodyLength != 0
            return reject(rejected, context)
        }
        if traits.bodyLength == 0 {
            heldHead = head
        } else {
            context.fireChannelRead(wrapInboundOut(.head(head)))
        }
    }

    private func reject(_ request: RejectedRequest, _ context: ChannelHandlerContext) {
        isRefused = true
        isLast = true
        isAnswerOpen = true
        isRequestOpen = false
        isHead = request.head.method == .head
        connection.requestEnded()
        respond(responder.response(to: request), context)
    }

    private func respond(_ response: ImmediateResponse, _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(
            version: .http1_1, status: .init(statusCode: response.head.status.code),
            headers: HTTPHeaders(response.head.headerFields.map { ($0.name.rawName, $0.value) }))
        write(context: context, data: wrapOutboundOut(.head(head)), promise: nil)
        if !isHead, response.body.readableBytes > 0 {
            let body = wrapOutboundOut(.body(.byteBuffer(response.body)))
            write(context: context, data: body, promise: nil)
        }
        write(context: context, data: wrapOutboundOut(.end(nil)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The request is refused already, whatever else is wrong with it.
        guard !isRefused else { return }
        let reason: RejectedRequest.Reason? =
            switch error {
            case HTTPParserError.headerOverflow: .headersTooLarge
            // A client that goes away has sent no bad request.
            case HTTPParserError.invalidEOFState: nil
            // The parser pauses after the preface of HTTP/2.
            case HTTPParserError.paused, HTTPParserError.invalidVersion: .unknownVersion
            case is RequestTimeout: .tooSlow
            case is HTTPParserError: .malformed
            default: nil
            }
        guard let reason else { return context.fireErrorCaught(error) }
        if isRequestOpen || isAnswerOpen {
            // The handler that reads the body learns of it; what follows is not read any more.
            isLast = true
            isRequestOpen = false
            if !isAnswerOpen { connection.lastAnswerEnded(isRequestOpen: false) }
            context.fireErrorCaught(error)
        } else {
            reject(RejectedRequest(reason), context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isLast = true
            if !isRequestOpen, !isAnswerOpen { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Hummingbird sends 400 if a body ends early, even after the response.
        guard isAnswerOpen else {
            promise?.succeed()
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head)
        where isLast || isClientOld || isHead || isRequestOpen && isBodyDoubtful:
            isAnswerBegun = head.status.code >= 200
            complete(&head)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head(let head):
            isAnswerBegun = head.status.code >= 200
            context.write(data, promise: promise)
        case .end:
            isAnswerOpen = false
            isAnswerBegun = false
            // A response to HEAD has no body, but the encoder would write a last chunk.
            let end = isHead ? wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))) : data
            guard isLast else {
                context.writeAndFlush(end, promise: promise)
                if !isRequestOpen { connection.answerEnded() }
                return
            }
            let taken = promise ?? context.eventLoop.makePromise()
            context.writeAndFlush(end, promise: taken)
            closeSoon(context, after: taken.futureResult)
        default:
            context.write(data, promise: promise)
        }
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        if var watch = event as? RequestWatch {
            watch.mayProbe = !isClientOld
            return context.triggerUserOutboundEvent(watch, promise: promise)
        }
        guard event is AwaitedBody.Begun else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        promise?.succeed()
        guard isContinueDue, isRequestOpen, isAnswerOpen, !isAnswerBegun else { return }
        isContinueDue = false
        context.writeAndFlush(wrapOutboundOut(.continue), promise: nil)
    }

    private func complete(_ head: inout HTTPResponseHead) {
        // The headers are those of GET, whose body may come in chunks (RFC 9110 §9.3.2).
        if isHead, head.headers.contains(name: "transfer-encoding") {
            head.headers.remove(name: "content-length")
        }
        // If the client still sends an unwanted body, or may do so, no other request can follow.
        isLast = isLast || isRequestOpen && isBodyDoubtful
        if isClientOld, isAnswerBegun, !head.headers.contains(name: "content-length") {
            // HTTP/1.0 has no chunks (RFC 9112 §7.1): the response ends with the connection.
            head.version = .http1_0
            head.headers.remove(name: "transfer-encoding")
            isLast = true
        }
        if isLast || isClientOld {
            if isLast { head.headers.remove(name: "keep-alive") }
            head.headers.replaceOrAdd(name: "connection", value: isLast ? "close" : "keep-alive")
        }
    }

    func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        guard isAnswerBegun, mode != .input else {
            return context.close(mode: mode, promise: promise)
        }
        // What ends in the middle of an answer must not look like its end, not even to who knows it by
        // the end of the connection. So our side is not closed by itself before: a client that has
        // taken all so far would learn of that first, and of nothing else.
        connection.abort(promise)
    }

    /// Closes the connection once the system has taken all of the answer, which a slow client lets wait.
    private func closeSoon(_ context: ChannelHandlerContext, after taken: EventLoopFuture<Void>) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        taken.whenSuccess {
            let handler = bound.value
            handler.connection.lastAnswerEnded(
                isRequestOpen: handler.isRequestOpen || handler.isRefusedBodyOpen)
        }
    }
}

extension HTTPServerResponsePart {
    /// RFC 9110 §15.2.1: the client may send its body.
    fileprivate static var `continue`: Self {
        .head(HTTPResponseHead(version: .http1_1, status: .continue))
    }
}

extension HTTPVersion {
    var isBefore11: Bool { (major, minor) < (1, 1) }
}
