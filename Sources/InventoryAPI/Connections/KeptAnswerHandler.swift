internal import Inventory
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Gives answers that were kept, before a request is anything but a head; all other requests go on,
/// and their answers are kept as they pass.
final class KeptAnswerHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        case idle
        /// A request that `answer` may do for has begun, and its end has not come yet.
        case held(HTTPRequestHead, RequestKey, KeptAnswers.Answer, since: ContinuousClock.Instant)
        /// It is found out whether `answer` is true still.
        case checking
        /// A request is answered by others, and its answer may be kept.
        case watching(RequestKey)
    }

    private let answers: KeptAnswers
    private let logger: Logger
    private var peer = ""
    private var phase = Phase.idle
    /// What the answer that is being watched depends on beside its request; nil where on more.
    private var ground: (token: TokenDigest?, authentication: Authentication, route: String?)?
    /// Why the store could not tell who sends the request that was handed on: it is not waited for a
    /// second time.
    private(set) var failure: (any Error)?
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()

    init(answers: KeptAnswers, logger: Logger) {
        self.answers = answers
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        peer = context.channel.remoteAddress?.ipAddress ?? ""
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), phase) {
        case (.head(let request), _):
            forget()
            guard let key = RequestKey(request, peer: peer) else { break }
            if let answer = answers.answer(to: key) {
                phase = .held(request, key, answer, since: .now)
                return
            }
            watch(key)
        case (.end, .held(let request, let key, let answer, let start)):
            phase = .checking
            return answerOrHandOn(request, key, answer, since: start, context)
        default: break
        }
        context.fireChannelRead(data)
    }

    private func watch(_ key: RequestKey) {
        forget()
        phase = .watching(key)
    }

    /// Lets go of what was collected: a connection may stand idle for long.
    private func forget() {
        phase = .idle
        (ground, failure, head, body) = (nil, nil, nil, ByteBuffer())
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    private func answerOrHandOn(
        _ request: HTTPRequestHead, _ key: RequestKey, _ answer: KeptAnswers.Answer,
        since start: ContinuousClock.Instant, _ context: ChannelHandlerContext
    ) {
        do {
            if let isTrue = try answers.isTrueAtOnce(answer) {
                return goOn(.success(isTrue), request, key, answer, since: start, context)
            }
        } catch {
            return goOn(.failure(error), request, key, answer, since: start, context)
        }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        // What the store may log is the request's, so it has its id here already.
        let id = RequestID(askedFor: request.headers.first(name: "x-request-id"))
        var request = request
        request.headers.replaceOrAdd(name: "x-request-id", value: id.text)
        let (answers, named) = (answers, request)
        let logger = logger.ofRequest(id, TraceParent(request.headers["traceparent"]))
        Task.immediate(executorPreference: LoopExecutor.of(context.eventLoop)) {
            let outcome: Result<Bool, any Error>
            do {
                outcome = .success(
                    try await withLogger(logger) { _ in try await answers.isTrue(answer) })
            } catch {
                outcome = .failure(error)
            }
            let (handler, context) = bound.value
            handler.goOn(outcome, named, key, answer, since: start, context)
        }
    }

    /// Gives the answer where it is found to be true, and else hands the request on.
    private func goOn(
        _ isTrue: Result<Bool, any Error>, _ request: HTTPRequestHead, _ key: RequestKey,
        _ answer: KeptAnswers.Answer, since start: ContinuousClock.Instant,
        _ context: ChannelHandlerContext
    ) {
        // The client may have gone meanwhile.
        guard case .checking = phase else { return }
        if case .success(true) = isTrue {
            phase = .idle
            give(answer, to: request, since: start, context)
        } else {
            watch(key)
            if case .failure(let error) = isTrue { failure = error }
            context.fireChannelRead(wrapInboundOut(.head(request)))
            context.fireChannelRead(wrapInboundOut(.end(nil)))
            context.fireChannelReadComplete()
        }
    }

    private func give(
        _ answer: KeptAnswers.Answer, to request: HTTPRequestHead,
        since start: ContinuousClock.Instant, _ context: ChannelHandlerContext
    ) {
        let id = RequestID(askedFor: request.headers.first(name: "x-request-id"))
        var head = answer.head
        head.headers.add(name: "Request-Id", value: id.text)
        head.headers.add(name: "Date", value: HTTPDate.now.text)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if answer.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let duration = ContinuousClock.now - start
        answers.noteHit()
        answer.metrics.note(duration)
        RequestLine(
            method: request.method.rawValue, path: request.uri.prefix { $0 != "?" },
            status: Int(head.status.code), took: duration
        ).write(
            to: logger, requestID: id, trace: TraceParent(request.headers["traceparent"]))
    }

    // MARK: Answers

    /// Lets the answer that is given next be kept: it depends on nothing but its request, who that is
    /// from, and what the store holds.
    ///
    /// - Parameter route: The pattern of the request's path.
    func keepAnswer(
        to token: TokenDigest?, _ authentication: Authentication, route: String?
    ) {
        guard case .watching = phase else { return }
        ground = (token, authentication, route)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .watching(let key) = phase { note(unwrapOutboundIn(data), key) }
        context.write(data, promise: promise)
    }

    private func note(_ part: HTTPServerResponsePart, _ key: RequestKey) {
        switch part {
        case .head(let head):
            guard ground != nil, head.status == .ok || head.status == .notModified else {
                return forget()
            }
            self.head = head
        case .body(.byteBuffer(var piece)):
            guard body.readableBytes + piece.readableBytes <= KeptAnswers.largestBody else {
                return forget()
            }
            if body.readableBytes == 0 { body = piece } else { body.writeBuffer(&piece) }
        case .body(.fileRegion): forget()
        case .end:
            defer { forget() }
            guard var head, let ground else { return }
            head.headers.remove(name: "request-id")
            head.headers.remove(name: "date")
            let answer = KeptAnswers.Answer(
                head: head, body: body, token: ground.token,
                authentication: ground.authentication,
                metrics: answers.metrics(
                    method: key.method, route: ground.route, status: Int(head.status.code)))
            answers.keep(answer, to: key)
        }
    }
}
