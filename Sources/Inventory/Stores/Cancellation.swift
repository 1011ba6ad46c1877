internal import Synchronization

/// Reports the cancellation of a task to a blocking thread.
package final class Cancellation: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var isCancelled: Bool { flag.load(ordering: .relaxed) }

    package func cancel() { flag.store(true, ordering: .relaxed) }

    package func check() throws(CancellationError) {
        if isCancelled { throw CancellationError() }
    }
}

package func withCancellation<Value>(
    _ body: (Cancellation) async throws -> Value
) async throws -> Value {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
        try await body(cancellation)
    } onCancel: {
        cancellation.cancel()
    }
}
