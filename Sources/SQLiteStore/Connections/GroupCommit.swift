internal import Inventory
internal import Storage
internal import Synchronization
internal import Threads

/// Lets concurrent writes share a commit, because SQLite has one writer: see
/// docs/decisions/0010-group-commit.md. Writes that arrive during a commit share the next one. If a
/// write fails without a change, the others continue. If it fails after a change, the transaction
/// is rolled back, and each write runs alone. If the commit fails, all its writes fail.
final class GroupCommit: Sendable {
    static let mostWaiting = 1000
    /// How many writes may share a commit. This bounds how long the first write waits for the last.
    static let mostShared = 128

    /// Runs a transaction, which waits for locks until the deadline.
    typealias Transaction =
        @Sendable (
            _ deadline: ContinuousClock.Instant, _ isAlone: Bool,
            _ body: (SQLiteConnection) throws -> Void
        ) throws -> Void

    private struct Write: Sendable {
        let isAlone: Bool
        let deadline: ContinuousClock.Instant
        let cancellation: Cancellation?
        let commit = DatabaseOperation("commit")
        let run: @Sendable (SQLiteConnection) -> Outcome
        /// Ends a write that did not run.
        let fail: @Sendable (any Error) -> Void

        /// Ends the write if it is cancelled or late, and returns whether it did.
        func isExpired(at now: ContinuousClock.Instant) -> Bool {
            let isCancelled = cancellation?.isCancelled == true
            guard isCancelled || deadline <= now else { return false }
            fail(isCancelled ? CancellationError() : BlockingThreadPool.Busy())
            return true
        }
    }

    /// The outcome of a write, before its commit.
    private struct Outcome {
        let error: (any Error)?
        /// Ends the write with the commit's error, if there is one, or with the outcome.
        let finish: (_ commitError: (any Error)?) -> Void
    }

    /// Rolls the transaction back because one of its writes failed after it had changed rows.
    private struct PartialWrite: Error {}

    private struct Queue {
        var writes: [Write] = []
        var isRunning = false
    }

    private let transaction: Transaction
    private let metrics = StoreMetrics()
    private let queue = Mutex(Queue())
    private let thread = BlockingThreadPool(count: 1, mostWaiting: 1)

    var waitingCount: Int { queue.withLock { $0.writes.count } }

    init(transaction: @escaping Transaction) {
        self.transaction = transaction
    }

    /// - Parameter deadline: The latest time at which the transaction may begin.
    /// - Parameter isAlone: Whether the commit has no other write, so `body` may take long and runs
    ///   once. Otherwise `body` may run again after a rollback.
    func write<Value: Sendable>(
        before deadline: ContinuousClock.Instant, isAlone: Bool = false,
        unless cancellation: Cancellation? = nil,
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Write(
                    isAlone: isAlone, deadline: deadline, cancellation: cancellation,
                    run: { db in
                        let result = Result { try body(db) }
                        return Outcome(error: result.error) { commitError in
                            continuation.resume(with: commitError.map { .failure($0) } ?? result)
                        }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    private func enqueue(_ write: Write) {
        let (isFull, isRunning) = queue.withLock { queue in
            guard queue.writes.count < Self.mostWaiting else { return (true, true) }
            queue.writes.append(write)
            metrics.writers.beginWaiting()
            defer { queue.isRunning = true }
            return (false, queue.isRunning)
        }
        if isFull { write.fail(BlockingThreadPool.Busy()) }
        if !isRunning { thread.submit { [self] in commitQueue() } }
    }

    private func commitQueue() {
        while let batch = nextBatch() {
            metrics.writers.beginUse()
            defer { metrics.writers.endUse() }
            // During a long write, end the waiting writes whose deadlines pass.
            let expiring = batch.first?.isAlone == true ? Task { try await expireWaiting() } : nil
            defer { expiring?.cancel() }
            commit(batch)
        }
    }

    private func nextBatch() -> [Write]? {
        queue.withLock { queue in
            queue.isRunning = !queue.writes.isEmpty
            guard queue.isRunning else { return nil }
            let shared = queue.writes.prefix(Self.mostShared).prefix { !$0.isAlone }
            let batch = Array(shared.isEmpty ? queue.writes.prefix(1) : shared)
            queue.writes.removeFirst(batch.count)
            for _ in batch { metrics.writers.endWaiting() }
            return batch
        }
    }

    private func expireWaiting() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(100))
            queue.withLock { queue in
                let count = queue.writes.count
                queue.writes.removeAll { $0.isExpired(at: .now) }
                for _ in queue.writes.count..<count { metrics.writers.endWaiting() }
            }
        }
    }

    private func commit(_ batch: [Write]) {
        let start = ContinuousClock.now
        let batch = batch.filter { !$0.isExpired(at: start) }
        guard let first = batch.first else { return }
        var outcomes: [Outcome] = []
        var commitStart = start
        do {
            try transaction(first.deadline, first.isAlone) { db in
                for write in batch {
                    let changes = db.totalChangeCount
                    let outcome = write.run(db)
                    outcomes.append(outcome)
                    guard let error = outcome.error else { continue }
                    let isUnchanged = db.isInTransaction && db.totalChangeCount == changes
                    guard isUnchanged else { throw batch.count == 1 ? error : PartialWrite() }
                }
                do { try db.indexCreatedNumbers() } catch _ where batch.count > 1 {
                    throw PartialWrite()
                }
                commitStart = .now
            }
            first.commit.note(since: commitStart)
            let count = outcomes.count { $0.error == nil }
            if count > 0 { metrics.noteCommit(of: count) }
            for outcome in outcomes { outcome.finish(nil) }
        } catch is PartialWrite {
            for write in batch { commit([write]) }
        } catch {
            for outcome in outcomes { outcome.finish(error) }
            for write in batch.dropFirst(outcomes.count) { write.fail(error) }
        }
    }
}

extension Result {
    fileprivate var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
