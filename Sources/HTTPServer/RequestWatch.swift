package import NIOCore
internal import Synchronization

package enum RequestStopped: Error {
    case clientLeft, shutdown
}

extension Channel {
    /// Sends 100 to a client that waits for it before it sends the body (RFC 9110 §10.1.1).
    package func sendContinue() {
        triggerUserOutboundEvent(ContinueEvent(), promise: nil)
    }

    /// Calls `body` in a task that is cancelled when the client closes the connection or the server
    /// shuts down; then this method throws ``RequestStopped``.
    package func untilClientLeaves<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task(executorPreference: EventLoopTaskExecutor(eventLoop)) {
            try await body()
        }
        let reason = Mutex<RequestStopped?>(nil)
        let watch = RequestWatch { stopReason in
            reason.withLock { $0 = $0 ?? stopReason }
            task.cancel()
        }
        let promise = eventLoop.makePromise(of: Void.self)
        triggerUserOutboundEvent(watch, promise: promise)
        promise.futureResult.whenFailure { error in
            // Ignore that a channel has no ``RequestWatchHandler``, which happens only in tests.
            if error as? ChannelError != .operationUnsupported { watch.stop(.clientLeft) }
        }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch let error as CancellationError {
            throw reason.withLock { $0 } ?? error
        }
    }
}

struct ContinueEvent: Sendable {}

/// Stops the long work for a request when the client leaves or the server shuts down.
struct RequestWatch: Sendable {
    let stop: @Sendable (RequestStopped) -> Void
    /// Whether the client understands interim responses (RFC 9110 §15.2).
    var mayProbe = true
}

/// Notifies a ``RequestWatch`` when the client leaves or the server shuts down, unless the response
/// has begun.
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

    /// Sends an interim response to a client that has closed its side: if the client no longer
    /// reads, its system resets the connection.
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

    /// Also notifies a watch that was set after `channelInactive`.
    func handlerRemoved(context: ChannelHandlerContext) { clientLeft() }

    private func clientLeft() {
        watch?.stop(.clientLeft)
        watch = nil
    }
}
