internal import Foundation
internal import NIOPosix
internal import Synchronization

/// Threads that serve nothing but one kind of work that blocks, and a bounded queue before them.
///
/// Swift's tasks, Dispatch's queues and NIO's loops have about as many threads as there are
/// processors: whatever waits or computes there keeps all other requests waiting.
package final class BlockingThreadPool: Sendable {
    /// The work was not begun: the queue is full, or the work's turn came too late.
    package struct Busy: Error, CustomStringConvertible {
        package let description = "too much work is waiting for a thread"

        package init() {}
    }

    package let count: Int
    private let pool: NIOThreadPool
    private let mostPending: Int
    private let givesWay: Bool
    private let pendingCount = Atomic(0)

    /// - Parameter givesWay: Whether all other threads have the processors first.
    package init(count: Int, mostWaiting: Int, givesWay: Bool = false) {
        self.count = count
        self.givesWay = givesWay
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
        pool.submit { [givesWay] _ in
            if givesWay { Self.giveWay() }
            body()
        }
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
            pool.submit { [givesWay] state in
                if givesWay { Self.giveWay() }
                continuation.resume(
                    with: Result {
                        let isLate = deadline.map { $0 <= .now } ?? false
                        guard state == .active, !isLate else { throw Busy() }
                        return try body()
                    })
            }
        }
    }
    /// Lets the threads that serve requests have the processors first: this one gets about a tenth of
    /// what each of them gets, or all that they leave.
    private static func giveWay() {
        #if os(Linux)
            // Niceness is a thread's own on Linux, 0 stands for the calling one, and asking again
            // changes nothing: https://man7.org/linux/man-pages/man2/setpriority.2.html
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        #endif
    }
}
