internal import Inventory
internal import Storage
internal import Synchronization

/// One statement for all that ask for the same kind of thing meanwhile.
///
/// A statement wakes up a thread here and a process at PostgreSQL, and where it writes it waits for the
/// disk: all that costs for many requests hardly more than for one. Who comes while statements are under
/// way goes into the next one, together with all who came as well. See
/// docs/decisions/0010-group-commit.md.
///
/// A statement begins after all have come that share it, so that each of them finds what was written
/// before it asked.
final class SharedStatement<Request: Sendable, Answer: Sendable>: Sendable {
    /// What answers requests, the same for all of them.
    struct Body: Sendable {
        let alone: @Sendable (Request, DatabaseOperation) async throws -> Answer
        /// Answers one by one, in their order.
        ///
        /// Where the answer is nil the request is asked once more, alone; what is thrown is the answer to
        /// all.
        let together: @Sendable ([Request], [DatabaseOperation]) async throws -> [Answer?]
    }

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

    private let queue = Mutex(Queue())
    private let metrics: StoreMetrics
    private let purpose: ConnectionMetrics

    /// - Parameter purpose: Where those are counted that wait.
    init(_ metrics: StoreMetrics, as purpose: ConnectionMetrics) {
        self.metrics = metrics
        self.purpose = purpose
    }

    /// - Parameter operation: What the log calls it.
    /// - Throws: What `body` throws, and ``InventoryError/unavailable(reason:)`` where too many ask.
    func answer(
        _ request: Request, operation: String = #function, _ body: Body
    ) async throws -> Answer {
        let operation = DatabaseOperation(operation)
        let isFirst = try begin()
        defer { queue.withLock { $0.pendingCount -= 1 } }
        guard isFirst else {
            return try await withCheckedThrowingContinuation { continuation in
                enqueue(
                    Waiter(
                        request: request, operation: operation, arrival: .now,
                        continuation: continuation),
                    body)
            }
        }
        // By the task that asks: to wake up another is a tenth of what a look-up costs.
        defer { goOn(body) }
        return try await body.alone(request, operation)
    }

    /// Takes a place among those who ask; returns whether so few statements are under way that this is
    /// one more.
    private func begin() throws -> Bool {
        try queue.withLock { queue in
            guard queue.pendingCount < SharedStatements.mostPending else {
                metrics.note(.unavailable)
                throw InventoryError.unavailable(
                    reason: PostgresError.lost("too many ask at once"))
            }
            queue.pendingCount += 1
            guard queue.runningCount < SharedStatements.mostRunning else { return false }
            queue.runningCount += 1
            return true
        }
    }

    private func enqueue(_ waiter: Waiter, _ body: Body) {
        let (isFirst, isWatched) = queue.withLock { queue in
            purpose.beginWaiting()
            queue.waiters.append(waiter)
            // Those that were under way may have ended since.
            let isFirst = queue.runningCount < SharedStatements.mostRunning
            if isFirst { queue.runningCount += 1 }
            defer { queue.isWatched = true }
            return (isFirst, queue.isWatched)
        }
        if isFirst { goOn(body) }
        if !isWatched { Task { await watch(body) } }
    }

    /// Ends a statement that was under way, or begins another in its place for those who wait.
    private func goOn(_ body: Body) {
        guard let waiters = takeForNext() else { return }
        Task {
            var next: [Waiter]? = waiters
            while let waiters = next {
                await answer(waiters, body)
                next = takeForNext()
            }
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

    private func answer(_ waiters: [Waiter], _ body: Body) async {
        if waiters.count == 1 { return await answer(waiters[0], body) }
        do {
            let answers = try await body.together(
                waiters.map(\.request), waiters.map(\.operation))
            for (waiter, answer) in zip(waiters, answers) {
                if let answer {
                    waiter.continuation.resume(returning: answer)
                } else {
                    Task { await self.answer(waiter, body) }
                }
            }
        } catch {
            for waiter in waiters { waiter.continuation.resume(throwing: error) }
        }
    }

    private func answer(_ waiter: Waiter, _ body: Body) async {
        do {
            waiter.continuation.resume(
                returning: try await body.alone(waiter.request, waiter.operation))
        } catch {
            waiter.continuation.resume(throwing: error)
        }
    }

    /// Sends those who have waited for long with a statement of their own, as long as anybody waits:
    /// what is under way may itself wait for a lock, or for a server that is silent.
    private func watch(_ body: Body) async {
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
