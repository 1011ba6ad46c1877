internal import GRDB
internal import Inventory
internal import Storage
internal import Synchronization
internal import Threads

/// Writes that wait for SQLite's one writer, and share its next commit.
///
/// A commit waits for the disk, which takes as long for many changes as for one: whatever came while
/// the last commit was under way goes into the next one together. See
/// docs/decisions/0010-group-commit.md.
///
/// Each write keeps an outcome of its own. One that fails has changed nothing, so that the others go
/// on; where it had begun to change something, all are taken back and each is done alone. A commit
/// that fails fails all that were in it.
final class SharedCommit: Sendable {
    /// How many writes wait.
    static let mostWaiting = 1000
    /// How many writes share a commit: the first of them waits for the last.
    static let mostShared = 128

    private struct Write: Sendable {
        let isAlone: Bool
        let deadline: ContinuousClock.Instant
        let cancellation: Cancellation?
        /// The commit that the write waits for.
        let commit: DatabaseOperation
        /// Does the work inside a transaction.
        let run: @Sendable (Database) -> Done
        /// Answers where the work was not done.
        let refuse: @Sendable (any Error) -> Void

        /// Refuses the write if it is cancelled or its deadline has passed, and returns whether it did.
        func isRefused(at now: ContinuousClock.Instant) -> Bool {
            let isCancelled = cancellation?.isCancelled == true
            guard isCancelled || deadline <= now else { return false }
            refuse(isCancelled ? CancellationError() : BlockingThreadPool.Busy())
            return true
        }
    }

    /// A write whose work was done, and whose commit is still to come.
    private struct Done {
        let error: (any Error)?
        /// Answers with the outcome of the commit: nil, or why it failed.
        let answer: ((any Error)?) -> Void
    }

    /// A write failed after it had changed something.
    private struct HalfDone: Error {}

    private struct Queue {
        var writes: [Write] = []
        var isDrained = false
    }

    /// Does a transaction on the calling thread, before the deadline as far as it has to wait.
    typealias Transaction =
        @Sendable (
            _ deadline: ContinuousClock.Instant, _ isAlone: Bool,
            _ body: (Database) throws -> Void
        ) throws -> Void

    private let transaction: Transaction
    private let metrics = StoreMetrics()
    private let queue = Mutex(Queue())
    /// One: SQLite has one writer at a time.
    private let thread = BlockingThreadPool(count: 1, mostWaiting: 1)

    /// How many writes wait for a commit that has not begun.
    var waitingCount: Int { queue.withLock { $0.writes.count } }

    init(transaction: @escaping Transaction) {
        self.transaction = transaction
    }

    /// Does `body` in a transaction, unless `deadline` passes before its turn comes.
    ///
    /// - Parameter cancellation: Ends the wait.
    /// - Parameter isAlone: Whether no other write shares the commit, so that `body` may take long and
    ///   is called once. Otherwise it may be called a second time where the first was taken back.
    /// - Throws: ``BlockingThreadPool/Busy``, and what `body` and the transaction throw.
    func write<Value: Sendable>(
        before deadline: ContinuousClock.Instant, isAlone: Bool = false,
        unless cancellation: Cancellation? = nil,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = Write(
                isAlone: isAlone, deadline: deadline, cancellation: cancellation,
                commit: DatabaseOperation("commit"),
                run: { db in
                    let outcome = Result { try body(db) }
                    return Done(error: outcome.failure) { failure in
                        continuation.resume(with: failure.map { .failure($0) } ?? outcome)
                    }
                },
                refuse: { continuation.resume(throwing: $0) })
            enqueue(write)
        }
    }

    private func enqueue(_ write: Write) {
        let (isFull, isFirst) = queue.withLock { queue in
            guard queue.writes.count < Self.mostWaiting else { return (true, false) }
            queue.writes.append(write)
            metrics.writers.beginWaiting()
            defer { queue.isDrained = true }
            return (false, !queue.isDrained)
        }
        if isFull { return write.refuse(BlockingThreadPool.Busy()) }
        if isFirst { thread.submit { [self] in drain() } }
    }

    /// Commits what waits, for as long as something does.
    private func drain() {
        while let writes = next() {
            metrics.writers.beginUse()
            defer { metrics.writers.endUse() }
            if writes.first?.isAlone ?? false {
                refusingLate { commit(writes) }
            } else {
                commit(writes)
            }
        }
    }

    /// Calls `body`, which may take longer than those who wait behind it have time, and sends them
    /// away when theirs is over.
    private func refusingLate(_ body: () -> Void) {
        let refusing = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(100))
                let now = ContinuousClock.now
                queue.withLock { queue in
                    queue.writes.removeAll { write in
                        let isRefused = write.isRefused(at: now)
                        if isRefused { metrics.writers.endWaiting() }
                        return isRefused
                    }
                }
            }
        }
        defer { refusing.cancel() }
        body()
    }

    private func next() -> [Write]? {
        queue.withLock { queue in
            guard !queue.writes.isEmpty else {
                queue.isDrained = false
                return nil
            }
            let shared = queue.writes.prefix(Self.mostShared).prefix { !$0.isAlone }
            let writes = shared.isEmpty ? queue.writes.prefix(1) : shared
            queue.writes.removeFirst(writes.count)
            for _ in writes { metrics.writers.endWaiting() }
            return Array(writes)
        }
    }

    private func commit(_ writes: [Write]) {
        let now = ContinuousClock.now
        let writes = writes.filter { !$0.isRefused(at: now) }
        guard let first = writes.first else { return }
        var done: [Done] = []
        var workEnd = now
        do {
            try transaction(first.deadline, first.isAlone) { db in
                done = []
                for write in writes {
                    let changes = db.totalChangesCount
                    done.append(write.run(db))
                    guard let error = done.last?.error else { continue }
                    let isUndone = db.isInsideTransaction && db.totalChangesCount == changes
                    guard isUndone else { throw writes.count == 1 ? error : HalfDone() }
                }
                workEnd = .now
            }
            first.commit.note(since: workEnd)
            let count = done.count { $0.error == nil }
            if count > 0 { metrics.noteCommit(of: count) }
            for write in done { write.answer(nil) }
        } catch is HalfDone {
            for write in writes { commit([write]) }
        } catch {
            for write in done { write.answer(error) }
            for write in writes.dropFirst(done.count) { write.refuse(error) }
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
