internal import Inventory
internal import Synchronization

/// One statement for all that ask for the same kind of thing meanwhile.
///
/// A statement wakes up a thread here and a process at PostgreSQL, and where it writes it waits for the
/// disk: all that costs for many requests hardly more than for one. Who comes while statements are under
/// way goes into the next one, together with all who came as well. docs/performance.md says what that
/// gives.
///
/// A statement begins after all have come that share it, so that each of them finds what was written
/// before it asked.
final class SharedStatement<Request: Sendable, Answer: Sendable>: Sendable {
    /// Answers requests one by one, in their order; nil is an answer to several only, and has that
    /// request asked once more, alone.
    typealias Body =
        @Sendable (
            _ requests: [Request], _ operations: [DatabaseOperation]
        ) async -> [Result<Answer, any Error>?]

    private struct Waiter: Sendable {
        let request: Request
        let operation: DatabaseOperation
        let arrival: ContinuousClock.Instant
        let continuation: CheckedContinuation<Answer, any Error>
    }

    private struct Queue {
        var waiters: [Waiter] = []
        /// How many have asked and are not answered, those among them that do not wait any more.
        var pendingCount = 0
        /// How many statements are under way, after each of which another takes who waits then.
        var runningCount = 0
        var isWatched = false
    }

    /// What is to be done where a request has come.
    private enum Next { case refuse, run, watch, wait }

    private let queue = Mutex(Queue())
    private let metrics: StoreMetrics
    private let purpose: ConnectionMetrics

    /// - Parameter purpose: Where those are counted that wait.
    init(_ metrics: StoreMetrics, as purpose: ConnectionMetrics) {
        self.metrics = metrics
        self.purpose = purpose
    }

    /// - Parameter operation: What the log calls it.
    /// - Parameter body: The same for all requests.
    /// - Throws: What `body` answers, and ``InventoryError/unavailable(reason:)`` where too many ask.
    func answer(
        _ request: Request, operation: String = #function, _ body: @escaping Body
    ) async throws -> Answer {
        let operation = DatabaseOperation(operation)
        return try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Waiter(
                    request: request, operation: operation, arrival: .now,
                    continuation: continuation),
                body)
        }
    }

    private func enqueue(_ waiter: Waiter, _ body: @escaping Body) {
        let next: Next = queue.withLock { queue in
            guard queue.pendingCount < SharedStatements.mostPending else { return .refuse }
            queue.pendingCount += 1
            queue.waiters.append(waiter)
            purpose.beginWaiting()
            if queue.runningCount < SharedStatements.mostRunning {
                queue.runningCount += 1
                return .run
            }
            defer { queue.isWatched = true }
            return queue.isWatched ? .wait : .watch
        }
        switch next {
        case .refuse:
            metrics.note(.unavailable)
            waiter.continuation.resume(
                throwing: InventoryError.unavailable(
                    reason: PostgresError.lost("too many ask at once")))
        case .run:
            Task { while let waiters = takeForNext() { await answer(waiters, body) } }
        case .watch: Task { await watch(body) }
        case .wait: break
        }
    }

    private func takeForNext() -> [Waiter]? {
        queue.withLock { queue in
            let waiters = take(from: &queue)
            if waiters.isEmpty { queue.runningCount -= 1 }
            return waiters.isEmpty ? nil : waiters
        }
    }

    private func take(from queue: inout Queue) -> [Waiter] {
        let waiters = Array(queue.waiters.prefix(SharedStatements.mostShared))
        queue.waiters.removeFirst(waiters.count)
        for _ in waiters { purpose.endWaiting() }
        return waiters
    }

    private func answer(_ waiters: [Waiter], _ body: @escaping Body) async {
        let answers = await body(waiters.map(\.request), waiters.map(\.operation))
        let answeredCount = answers.count { $0 != nil }
        queue.withLock { $0.pendingCount -= answeredCount }
        for (waiter, answer) in zip(waiters, answers) {
            if let answer {
                waiter.continuation.resume(with: answer)
            } else {
                Task { await self.answer([waiter], body) }
            }
        }
    }

    /// Sends those who have waited for long with a statement of their own, as long as anybody waits:
    /// what is under way may itself wait for a lock, or for a server that is silent.
    private func watch(_ body: @escaping Body) async {
        while true {
            try? await Task.sleep(for: SharedStatements.patience)
            let waiters = queue.withLock { queue -> [Waiter]? in
                guard let first = queue.waiters.first else {
                    queue.isWatched = false
                    return nil
                }
                guard .now - first.arrival >= SharedStatements.patience else { return [] }
                return take(from: &queue)
            }
            guard let waiters else { return }
            if !waiters.isEmpty { Task { await answer(waiters, body) } }
        }
    }
}

/// The bounds of each ``SharedStatement``.
enum SharedStatements {
    /// How many statements are under way while others wait for them: the more there are, the fewer
    /// requests share one.
    static let mostRunning = 2
    /// How many requests share one statement: the first of them waits for the last.
    static let mostShared = 128
    /// How long a request waits for statements that are under way.
    static let patience = Duration.milliseconds(50)
    /// How many requests wait, or are being answered.
    static let mostPending = 1000
}
