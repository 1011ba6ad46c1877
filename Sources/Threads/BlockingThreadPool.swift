internal import Foundation
internal import NIOPosix
internal import Synchronization

/// Threads for one kind of blocking work, with a bounded queue. Swift, Dispatch and event loops
/// have about one thread per processor, so blocking one of theirs delays all other requests.
package final class BlockingThreadPool: Sendable {
    /// The work was not started: the queue is full, or the deadline passed.
    package struct Busy: Error, CustomStringConvertible {
        package let description = "too much work is waiting for a thread"

        package init() {}
    }

    package let count: Int
    private let pool: NIOThreadPool
    private let mostPending: Int
    private let hasLowPriority: Bool
    private let pendingCount = Atomic(0)

    package init(count: Int, mostWaiting: Int, hasLowPriority: Bool = false) {
        self.count = count
        self.hasLowPriority = hasLowPriority
        pool = NIOThreadPool(numberOfThreads: count)
        mostPending = count + mostWaiting
        pool.start()
    }

    /// Ends the threads after all accepted work.
    deinit {
        pool.shutdownGracefully { _ in }
    }

    /// Runs `body`; the queue's bound does not apply.
    package func submit(_ body: @escaping @Sendable () -> Void) {
        pool.submit { [hasLowPriority] _ in
            if hasLowPriority { Self.lowerPriority() }
            body()
        }
    }

    /// Runs `body`, unless `deadline` passes before it starts. Accepted work also runs for a
    /// cancelled task, which could otherwise not know whether it ran.
    ///
    /// - Throws: ``Busy`` and the errors of `body`.
    package func run<Value: Sendable>(
        before deadline: ContinuousClock.Instant? = nil,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let pendingBefore = pendingCount.wrappingAdd(1, ordering: .relaxed).oldValue
        defer { pendingCount.wrappingSubtract(1, ordering: .relaxed) }
        guard pendingBefore < mostPending else { throw Busy() }
        return try await withCheckedThrowingContinuation { continuation in
            submit {
                continuation.resume(
                    with: Result {
                        if let deadline, deadline <= .now { throw Busy() }
                        return try body()
                    })
            }
        }
    }

    /// If the processors are busy, the thread gets about a tenth of the share of other threads.
    private static func lowerPriority() {
        #if os(Linux)
            // On Linux, each thread has a niceness, and 0 is the calling thread:
            // https://man7.org/linux/man-pages/man2/setpriority.2.html
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        #endif
    }
}
