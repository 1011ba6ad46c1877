internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Rejects invalid requests, responds early if the responder can, and forwards all other requests
/// to the router. It closes the connection after the last response.
final class RequestValidationHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: SlowClientHandler
    private let decoder: RequestDecoder
    private let responder: any EarlyResponder
    private let peer: String
    /// The traits of the latest request.
    private var traits = RequestTraits(.init(version: .http1_1, method: .GET, uri: "/"))
    /// The head of a request without a body, held until the end of the request.
    private var heldHead: HTTPRequestHead?
    private var isRequestOpen = false
    private var isResponseOpen = false
    /// Whether the final response has begun and not ended.
    private var isResponseBegun = false
    /// Whether the connection closes after this response.
    private var isLast = false
    private var isRejected = false
    /// Whether the client may still send a body that the server does not read.
    private var isBodyUncertain: Bool {
        isRequestOpen && (traits.hasLongBody || traits.expectsContinue)
    }

    init(
        connection: SlowClientHandler, decoder: RequestDecoder,
        responder: any EarlyResponder, peer: String
    ) {
        self.connection = connection
        self.decoder = decoder
        self.responder = responder
        self.peer = peer
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRejected else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            begin(head, context)
        case .body:
            // After the response, the rest of the body is discarded.
            if isResponseOpen { context.fireChannelRead(data) }
        case .end:
            isRequestOpen = false
            if traits.hasUpgrade { decoder.upgradeEnded() }
            // Nothing is parsed after the last request, even if its response is not written yet.
            if isResponseOpen || isLast {
                connection.requestEnded()
            } else {
                connection.responseEnded()
            }
            if let head = heldHead {
                heldHead = nil
                respond(to: head, context)
            } else {
                context.fireChannelRead(data)
            }
        }
    }

    private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let early = responder.response(
            to: RequestHead(head: head, peer: peer), on: context.channel)
        switch early {
        case .ready(let response):
            respond(response, context)
        case .pending(let response):
            // The next request cannot begin meanwhile: `SlowClientHandler` forwards it after the
            // response.
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            Task.immediate(executorPreference: EventLoopTaskExecutor(context.eventLoop)) {
                let response = try? await response()
                let (handler, context) = bound.value
                guard let response else { return context.close(promise: nil) }
                if context.channel.isActive { handler.respond(response, context) }
            }
        case nil:
            context.fireChannelRead(wrapInboundOut(.head(head)))
            context.fireChannelRead(wrapInboundOut(.end(nil)))
        }
    }

    private func begin(_ received: HTTPRequestHead, _ context: ChannelHandlerContext) {
        // If requests overlap, close: a client must never mistake one response for another.
        guard !isRequestOpen, !isResponseOpen else { return context.close(promise: nil) }
        isRequestOpen = true
        isResponseOpen = true
        var head = received
        traits = RequestTraits(head)
        connection.headEnded(bodyLength: traits.bodyLength)
        if traits.hasOddConnection { head.headers.remove(name: "connection") }
        isLast = isLast || !head.isKeepAlive || head.method == .CONNECT
        if let reason = RejectedRequest.Reason(head, traits, isHTTP: connection.head.namesHTTP) {
            reject(RejectedRequest(reason, head), context)
        } else if traits.bodyLength == 0 {
            heldHead = head
        } else {
            context.fireChannelRead(wrapInboundOut(.head(head)))
        }
    }

    private func reject(_ request: RejectedRequest, _ context: ChannelHandlerContext) {
        isRejected = true
        isLast = true
        isResponseOpen = true
        isRequestOpen = false
        traits = RequestTraits(request.head.head)
        connection.requestEnded()
        respond(responder.response(to: request), context)
    }

    private func respond(_ response: CompleteResponse, _ context: ChannelHandlerContext) {
        write(context: context, data: wrapOutboundOut(.head(response.head)), promise: nil)
        if !traits.isHead, response.body.readableBytes > 0 {
            let body = wrapOutboundOut(.body(.byteBuffer(response.body)))
            write(context: context, data: body, promise: nil)
        }
        write(context: context, data: wrapOutboundOut(.end(nil)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Further errors of a rejected request do not matter.
        guard !isRejected else { return }
        guard let reason = RejectedRequest.Reason(error) else {
            return context.fireErrorCaught(error)
        }
        if isRequestOpen || isResponseOpen {
            // The code that reads the body gets the error; nothing is parsed after it.
            isLast = true
            isRequestOpen = false
            if !isResponseOpen { connection.lastResponseEnded(isRequestOpen: false) }
            context.fireErrorCaught(error)
        } else {
            reject(RejectedRequest(reason), context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isLast = true
            if !isRequestOpen, !isResponseOpen { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Responses

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Drop a second response: if a body ends early, Hummingbird sends 400 even after a
        // response.
        guard isResponseOpen else {
            promise?.succeed()
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            isResponseBegun = head.status.code >= 200
            guard isLast || traits.isClientOld || traits.isHead || isBodyUncertain else {
                return context.write(data, promise: promise)
            }
            complete(&head)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            // A response to HEAD has no body, but the encoder would end it with a last chunk.
            let end = traits.isHead ? wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))) : data
            writeEnd(end, context, promise)
        }
    }

    private func writeEnd(
        _ end: NIOAny, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        isResponseOpen = false
        isResponseBegun = false
        guard isLast else {
            context.writeAndFlush(end, promise: promise)
            if !isRequestOpen { connection.responseEnded() }
            return
        }
        let written = promise ?? context.eventLoop.makePromise()
        context.writeAndFlush(end, promise: written)
        // Close only when the system has taken the whole response: a slow client has then read most
        // of it.
        written.futureResult.assumeIsolated().whenSuccess { [self] in
            connection.lastResponseEnded(
                isRequestOpen: isRequestOpen || isRejected && traits.bodyLength != 0)
        }
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        if var watch = event as? RequestWatch {
            watch.mayProbe = !traits.isClientOld
            return context.triggerUserOutboundEvent(watch, promise: promise)
        }
        guard event is ContinueEvent else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        promise?.succeed()
        guard traits.expectsContinue, isRequestOpen, isResponseOpen, !isResponseBegun else {
            return
        }
        traits.expectsContinue = false
        // RFC 9110 §15.2.1: the client may send its body.
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func complete(_ head: inout HTTPResponseHead) {
        // A response to HEAD has the headers of GET, whose body may come in chunks (RFC 9110
        // §9.3.2).
        if traits.isHead, head.headers.contains(name: "transfer-encoding") {
            head.headers.remove(name: "content-length")
        }
        // No other request can follow a body that the server does not read.
        isLast = isLast || isBodyUncertain
        if traits.isClientOld, isResponseBegun, !head.headers.contains(name: "content-length") {
            // HTTP/1.0 has no chunks (RFC 9112 §7.1), so closing the connection ends the response.
            head.version = .http1_0
            head.headers.remove(name: "transfer-encoding")
            isLast = true
        }
        if isLast || traits.isClientOld {
            if isLast { head.headers.remove(name: "keep-alive") }
            head.headers.replaceOrAdd(name: "connection", value: isLast ? "close" : "keep-alive")
        }
    }

    func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        guard isResponseBegun, mode != .input else {
            return context.close(mode: mode, promise: promise)
        }
        // Reset the connection, so that a partial response never looks complete. Closing our
        // side first would look like the end of a response in HTTP/1.0.
        connection.abort(promise)
    }
}
