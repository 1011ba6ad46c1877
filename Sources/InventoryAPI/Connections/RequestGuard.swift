internal import Hummingbird
internal import Inventory
internal import NIOCore
internal import NIOHTTP1

/// Sees to it that what comes out of the parser is a request that everything behind may rely on,
/// and that a connection ends when it should.
///
/// What is no good request goes on as an ``UnreadableRequest``, so that it gets its request id, its
/// line in the log and its problem as every other one does.
final class RequestGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: ConnectionGuard
    private let limits: ConnectionLimits
    private var isRequestOpen = false
    private var isAnswerOpen = false
    /// Whether the answer that is given next is the last one.
    private var isLast = false
    /// Whether an HTTP/1.0 client asked for more than one answer, which it has to be told it gets.
    private var isKeptForOldClient = false
    private var isClientOld = false
    /// Whether a part of an answer was written, and its end is still to come.
    private var isAnswerBegun = false
    private var isRefused = false
    /// Whether more of the body may come than is read where it is not wanted.
    private var isBodyLong = false
    private var ignoredBytes = 0

    init(connection: ConnectionGuard, limits: ConnectionLimits) {
        self.connection = connection
        self.limits = limits
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            begin(head, context)
        case .body(let bytes):
            if !isAnswerOpen { ignore(bytes.readableBytes, context) }
            context.fireChannelRead(data)
        case .end:
            isRequestOpen = false
            if isAnswerOpen { connection.requestEnded() } else { connection.answerEnded() }
            // An answer that is given before this returns closes by itself.
            let wasAnswered = !isAnswerOpen
            context.fireChannelRead(data)
            if isLast, wasAnswered { closeSoon(context) }
        }
    }

    private func begin(_ received: HTTPRequestHead, _ context: ChannelHandlerContext) {
        isRequestOpen = true
        isAnswerOpen = true
        ignoredBytes = 0
        connection.headEnded()
        var head = received
        let traits = RequestTraits(head)
        if traits.hasOddHeaders { head.removeOddHeaders() }
        isBodyLong = traits.isBodyLong
        isLast = !head.isKeepAlive
        isClientOld = head.version.isBefore11
        isKeptForOldClient = !isLast && isClientOld
        if let refusal = UnreadableRequest(head, hosts: traits.hostCount) {
            return refuse(refusal, head, context)
        }
        if traits.expectsContinue, !head.version.isBefore11 {
            context.writeAndFlush(wrapOutboundOut(.continue), promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private func refuse(
        _ refusal: UnreadableRequest, _ head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        isRefused = true
        isLast = true
        isAnswerOpen = true
        isRequestOpen = false
        connection.requestEnded()
        context.fireChannelRead(wrapInboundOut(.head(refusal.request(insteadOf: head))))
        context.fireChannelRead(wrapInboundOut(.end(nil)))
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let refusal: UnreadableRequest? =
            switch error {
            case HTTPParserError.headerOverflow: .headersTooLarge
            // A client that goes away has sent no bad request.
            case HTTPParserError.invalidEOFState: nil
            case HTTPParserError.paused, is RequestTimeout: .tooSlow
            case is HTTPParserError: .malformed
            default: nil
            }
        guard let refusal, !isRefused else { return context.fireErrorCaught(error) }
        if isRequestOpen || isAnswerOpen {
            // The handler that reads the body learns of it; what follows is not read any more.
            isLast = true
            isRequestOpen = false
            if !isAnswerOpen { closeSoon(context) }
            context.fireErrorCaught(error)
        } else {
            refuse(refusal, .unknown, context)
        }
    }

    /// The body of a request that was answered before its end is read on, since many clients do not
    /// look at the answer before they have sent all of it.
    private func ignore(_ count: Int, _ context: ChannelHandlerContext) {
        ignoredBytes += count
        if ignoredBytes > limits.mostIgnoredBodyBytes { context.close(promise: nil) }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where isLast || isClientOld || isRequestOpen && isBodyLong:
            isAnswerBegun = head.status.code >= 200
            // A client that still sends what nobody wants shall not send its next request after it.
            isLast = isLast || isRequestOpen && isBodyLong
            if isClientOld, isAnswerBegun, !head.headers.contains(name: "content-length") {
                // It knows no chunks (RFC 9112 §7.1): the end of the connection tells the answer's.
                head.version = .http1_0
                isLast = true
            }
            head.headers.replaceOrAdd(name: "connection", value: isLast ? "close" : "keep-alive")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head(let head):
            isAnswerBegun = head.status.code >= 200
            context.write(data, promise: promise)
        case .end:
            isAnswerOpen = false
            isAnswerBegun = false
            if !isRequestOpen { connection.answerEnded() }
            // Writing lets the next request in, which has a last answer of its own.
            let wasLast = isLast
            let taken = promise ?? context.eventLoop.makePromise()
            context.writeAndFlush(data, promise: taken)
            if wasLast, !isRequestOpen { closeSoon(context, after: taken.futureResult) }
        default:
            context.write(data, promise: promise)
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
        context.channel.forgetUntakenAtClose()
        context.close(mode: .all, promise: promise)
    }

    /// Closes the connection once the system has taken all of the answer, which a slow client lets wait.
    private func closeSoon(_ context: ChannelHandlerContext, after taken: EventLoopFuture<Void>) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        taken.whenSuccess { bound.value.handler.closeSoon(bound.value.context) }
    }

    /// Closes our side, and the whole once the client has closed its own or has had time to read:
    /// what closes with bytes unread loses the answer on its way.
    private func closeSoon(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: limits.lingerTimeout) { channel.close(promise: nil) }
    }
}

extension HTTPServerResponsePart {
    /// RFC 9110 §15.2.1: the client may send its body.
    fileprivate static var `continue`: Self {
        .head(HTTPResponseHead(version: .http1_1, status: .continue))
    }
}

extension HTTPRequestHead {
    /// What stands for a request that could not be read.
    fileprivate static let unknown = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")

    /// Takes out headers that only pretend to be ours, and what is no word that `Connection` can have.
    fileprivate mutating func removeOddHeaders() {
        headers.remove(name: UnreadableRequest.header)
        if !headers["connection"].allSatisfy(\.isASCII) { headers.remove(name: "connection") }
    }
}

/// What the guard has to know of a head, found in one pass, which every request makes.
private struct RequestTraits {
    private(set) var hostCount = 0
    /// Whether the client waits to be told that it may send a body that is not too large anyway.
    private(set) var expectsContinue = false
    private(set) var hasOddHeaders = false
    /// Whether the body is, or may be, longer than any that is taken.
    private(set) var isBodyLong = false

    init(_ head: HTTPRequestHead) {
        var length = 0
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where name.isHeader("host"): hostCount += 1
            case 6 where name.isHeader("expect"):
                expectsContinue = value.isHeader("100-continue")
            case 10 where name.isHeader("connection"):
                // Swift compares texts beyond ASCII in times that grow with the square of the marks
                // that are put on one letter.
                hasOddHeaders = hasOddHeaders || !value.isASCII
            case 14 where name.isHeader("content-length"): length = Int(value) ?? 0
            case 17 where name.isHeader("transfer-encoding"): isBodyLong = true
            case 15 where name.isHeader(UnreadableRequest.header): hasOddHeaders = true
            default: break
            }
        }
        isBodyLong = isBodyLong || length > Request.largestBody
        expectsContinue = expectsContinue && length <= Request.largestBody(at: head.uri)
    }
}

extension HTTPVersion {
    var isBefore11: Bool { (major, minor) < (1, 1) }
}
