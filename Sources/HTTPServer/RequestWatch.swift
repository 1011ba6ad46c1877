package import NIOCore
internal import Synchronization

/// Why the work for a request was stopped.
package enum RequestStopped: Error {
    case clientLeft, shutdown
}

/// Stops the long work for a request when the client leaves or the server shuts down.
struct RequestWatch: Sendable {
    let stop: @Sendable (RequestStopped) -> Void
    /// Whether the client understands interim responses (RFC 9110 §15.2).
    var mayProbe = true
}

extension Channel {
    /// Calls `body` in a task that is cancelled when the client closes the connection, or the server
    /// shuts down.
    ///
    /// - Throws: ``RequestStopped`` if the task was cancelled, and what `body` throws.
    package func untilClientLeaves<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task(executorPreference: EventLoopTaskExecutor.of(eventLoop)) {
            try await body()
        }
        let reason = Mutex<RequestStopped?>(nil)
        let watch = RequestWatch { stopReason in
            reason.withLock { $0 = $0 ?? stopReason }
            task.cancel()
        }
        watchRequest(watch)
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

    private func watchRequest(_ watch: RequestWatch) {
        let promise = eventLoop.makePromise(of: Void.self)
        triggerUserOutboundEvent(watch, promise: promise)
        promise.futureResult.whenFailure { error in
            // Only in tests does a channel have no ``RequestWatchHandler``.
            if error as? ChannelError != .operationUnsupported { watch.stop(.clientLeft) }
        }
    }
}
