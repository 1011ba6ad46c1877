internal import NIOPosix
internal import Synchronization

/// Threads that serve nothing but one kind of work that blocks, and a bounded queue before them.
///
/// Swift's tasks, Dispatch's queues and NIO's loops have about as many threads as there are
/// processors: whatever waits or computes there keeps all other requests waiting.
package final class WorkThreads: Sendable {
    /// The work was not begun: the queue is full, or the work's turn came too late.
    package struct Busy: Error, CustomStringConvertible {
        package let description = "too much work is waiting for a thread"

        package init() {}
    }

    private let pool: NIOThreadPool
    private let mostPending: Int
    private let pendingCount = Atomic(0)

    package init(count: Int, mostWaiting: Int) {
        pool = NIOThreadPool(numberOfThreads: count)
        mostPending = count + mostWaiting
        pool.start()
    }

    /// Ends the threads after the last work that was taken.
    deinit {
        pool.shutdownGracefully { _ in }
    }

    /// Does `body` on one of the threads, when its turn comes, whatever waits before it.
    package func submit(_ body: @escaping @Sendable () -> Void) {
        pool.submit { _ in body() }
    }

    /// Does `body` on one of the threads, unless `deadline` passes before its turn comes.
    ///
    /// What is taken is done, also where nobody waits for it any more: else a cancelled task could
    /// not tell whether it happened.
    ///
    /// - Throws: ``Busy`` and what `body` throws.
    package func run<Value: Sendable>(
        before deadline: ContinuousClock.Instant? = nil,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let pendingBefore = pendingCount.wrappingAdd(1, ordering: .relaxed).oldValue
        defer { pendingCount.wrappingSubtract(1, ordering: .relaxed) }
        guard pendingBefore < mostPending else { throw Busy() }
        return try await withCheckedThrowingContinuation { continuation in
            pool.submit { state in
                continuation.resume(
                    with: Result {
                        let isLate = deadline.map { $0 <= .now } ?? false
                        guard state == .active, !isLate else { throw Busy() }
                        return try body()
                    })
            }
        }
    }
}
