internal import Inventory
internal import Storage
internal import Synchronization

/// Combines concurrent requests of one kind into batches, each with one statement: one round trip,
/// and for writes one disk sync. Requests that arrive while batches run form the next batch. A
/// batch starts after all its requests have arrived, so each sees all earlier writes. See
/// docs/decisions/0010-group-commit.md.
final class RequestBatcher<Request: Sendable, Response: Sendable>: Sendable {
    struct Work: Sendable {
        let alone: @Sendable (Request, DatabaseOperation) async throws -> Response
        /// Returns the responses in the order of the requests. A request whose response is nil is
        /// run again, alone. An error fails all requests.
        let together: @Sendable ([Request], [DatabaseOperation]) async throws -> [Response?]
    }

    private struct Waiter: Sendable {
        let request: Request
        let operation: DatabaseOperation
        let arrival = ContinuousClock.now
        let continuation: CheckedContinuation<Response, any Error>
    }

    private struct State {
        var waiters: [Waiter] = []
        var runningCount = 0
        var isWatched = false
        /// How many requests have no response yet, waiting or running.
        var pendingCount = 0
    }

    private let state = Mutex(State())
    private let metrics: StoreMetrics
    private let waiting: ConnectionMetrics

    init(_ metrics: StoreMetrics, waiting: ConnectionMetrics) {
        self.metrics = metrics
        self.waiting = waiting
    }

    func respond(
        to request: Request, operation: String = #function, _ work: Work
    ) async throws -> Response {
        let operation = DatabaseOperation(operation)
        let runsAtOnce = try begin()
        defer { state.withLock { $0.pendingCount -= 1 } }
        guard runsAtOnce else {
            return try await withCheckedThrowingContinuation { continuation in
                enqueue(
                    Waiter(request: request, operation: operation, continuation: continuation),
                    work)
            }
        }
        // Run in the caller's task: waking another task would take a tenth of the time of a
        // look-up.
        defer { startNext(work, afterAnother: true) }
        return try await work.alone(request, operation)
    }

    private func begin() throws -> Bool {
        try state.withLock { state in
            guard state.pendingCount < RequestBatch.mostPending else {
                metrics.note(.unavailable)
                throw InventoryError.unavailable(
                    reason: PostgresError.lost("too many requests at once"))
            }
            state.pendingCount += 1
            guard state.runningCount < RequestBatch.mostRunning else { return false }
            state.runningCount += 1
            return true
        }
    }

    private func enqueue(_ waiter: Waiter, _ work: Work) {
        waiting.beginWaiting()
        let isWatched = state.withLock { state in
            state.waiters.append(waiter)
            defer { state.isWatched = true }
            return state.isWatched
        }
        startNext(work)
        if !isWatched { Task { await watch(work) } }
    }

    /// Starts batches if their first request has waited too long, and ends when no requests wait.
    private func watch(_ work: Work) async {
        repeat {
            try? await Task.sleep(for: RequestBatch.patience)
            startNext(work)
        } while state.withLock { state in
            state.isWatched = !state.waiters.isEmpty
            return state.isWatched
        }
    }

    /// Runs batches of waiting requests, one after the other, if one may start.
    private func startNext(_ work: Work, afterAnother: Bool = false) {
        guard let first = nextBatch(afterAnother: afterAnother) else { return }
        Task {
            var batch = Optional(first)
            while let waiters = batch {
                await run(waiters, work)
                batch = nextBatch(afterAnother: true)
            }
        }
    }

    /// Returns the waiting requests if few batches are running, or if the first has waited too
    /// long: a running batch may wait for a lock, or for a silent server.
    private func nextBatch(afterAnother: Bool) -> [Waiter]? {
        let batch = state.withLock { state -> [Waiter]? in
            if afterAnother { state.runningCount -= 1 }
            guard let first = state.waiters.first,
                state.runningCount < RequestBatch.mostRunning
                    || .now - first.arrival >= RequestBatch.patience
            else { return nil }
            state.runningCount += 1
            let batch = Array(state.waiters.prefix(RequestBatch.mostShared))
            state.waiters.removeFirst(batch.count)
            return batch
        }
        for _ in batch ?? [] { waiting.endWaiting() }
        return batch
    }

    private func run(_ batch: [Waiter], _ work: Work) async {
        do {
            guard batch.count > 1 else {
                let response = try await work.alone(batch[0].request, batch[0].operation)
                return batch[0].continuation.resume(returning: response)
            }
            let responses = try await work.together(
                batch.map(\.request), batch.map(\.operation))
            for (waiter, response) in zip(batch, responses) {
                if let response {
                    waiter.continuation.resume(returning: response)
                } else {
                    Task { await run([waiter], work) }
                }
            }
        } catch {
            for waiter in batch { waiter.continuation.resume(throwing: error) }
        }
    }
}

/// The bounds of a ``RequestBatcher``.
enum RequestBatch {
    /// How many batches run at once: with more batches, fewer requests would share one.
    static let mostRunning = 2
    /// How many requests may share a batch. The first request of a batch waits for the last.
    static let mostShared = 128
    /// How long a request waits for running batches before another batch starts.
    static let patience = Duration.milliseconds(50)
    static let mostPending = 1000
}
