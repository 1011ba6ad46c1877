internal import Inventory
internal import Storage
internal import Threads

/// A few connections, each lent to one task at a time, whose blocking work is done on threads of
/// the pool's own.
package actor ConnectionPool {
    /// What a task wants a connection for.
    enum Purpose {
        case reading
        /// Work that may have to wait for locks.
        case writing
    }

    /// How many connections there are at most, where nobody says otherwise.
    package static let standardSize = 10
    /// How many are for reading alone, which no lock of a row can keep.
    private static let readers = 3
    /// How many connections a pool may have; the fewest leave one to writers.
    package static let sizes = readers + 1...100
    /// How many tasks wait for a connection, of each purpose.
    static let mostWaiting = 1000
    /// How long a task waits for a connection.
    ///
    /// Shorter than the wait for a lock: who waits behind many others that wait for one does not wait
    /// for it as well.
    private static let waitTimeout = Duration.milliseconds(2500)
    /// How long a connection is waited for that is being opened.
    ///
    /// The look-up of its host's name is part of that, to which libpq sets no limit, and each of
    /// several hosts and addresses, which libpq tries one after the other.
    private static let openingTimeout = Duration.milliseconds(1500)
    /// How many connections are in the making at once, those among them that nobody waits for any
    /// more: a look-up cannot be ended, and occupies its thread.
    private static let mostOpenings = 5
    /// How long the database is taken to be away, or full, after it took no connection: those who
    /// come meanwhile do not ask again.
    private static let pause = Duration.milliseconds(500)
    private static let late = PostgresError.lost("no connection came about in time")

    private struct Waiter {
        let deadline: ContinuousClock.Instant
        let purpose: Purpose
        let continuation: CheckedContinuation<Connection, any Error>
    }

    private let address: PostgresAddress
    private let size: Int
    private let preparation = Preparation()
    private let metrics = StoreMetrics()
    private(set) var idle: [Connection] = []
    /// How many connections there are, those among them that are being opened.
    private(set) var count = 0
    /// Those that are being opened, by their numbers, and are still waited for.
    private var openings: Set<Int> = []
    private var lastOpening = 0
    /// How many are being opened that nobody waits for any more.
    private var overdueCount = 0
    private var writerCount = 0
    /// Those who came first are first, so their deadlines are in order.
    private var waiters: [Waiter] = []
    private var isExpiringWaiters = false
    private var absence: (error: any Error, end: ContinuousClock.Instant)?
    private var isClosed = false
    /// Counts how often the database has cut its connections.
    private var cuts = 0

    /// A connection occupies one at most, so nothing waits for a thread.
    private let threads: BlockingThreadPool

    init(address: PostgresAddress, size: Int) {
        self.address = address
        self.size = size
        threads = BlockingThreadPool(count: size + Self.mostOpenings, mostWaiting: size)
    }

    /// Calls `body`, on a thread where it may block, with a connection that nobody else has
    /// meanwhile.
    ///
    /// - Throws: What `body` throws, and ``PostgresError`` where no connection is to be had.
    func withConnection<Value: Sendable>(
        _ purpose: Purpose, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        let metrics = purpose == .reading ? metrics.readers : metrics.writers
        let connection = try await lend(for: purpose, metrics)
        metrics.beginUse()
        let result = await onThread { try body(connection) }
        metrics.endUse()
        takeBack(connection, from: purpose)
        return try result.get()
    }

    /// Calls `body` on a thread where it may block.
    func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async -> Result<Value, any Error> {
        do {
            return .success(try await threads.run(body))
        } catch {
            return .failure(error)
        }
    }

    /// Ends the connections as they come back.
    func close() {
        isClosed = true
        count -= idle.count
        idle = []
        failWaiters(PostgresError.lost("the pool is closed"))
    }

    private func lend(
        for purpose: Purpose, _ metrics: ConnectionMetrics
    ) async throws -> Connection {
        guard !isClosed else { throw PostgresError.lost("the pool is closed") }
        if hasRoom(for: purpose), let connection = takeIdle() {
            if purpose == .writing { writerCount += 1 }
            return connection
        }
        if count == 0, let absence, absence.end > .now { throw absence.error }
        if overdueCount > 0, count == openings.count {
            // Nothing comes of those that were tried before, so nobody waits for one more.
            open()
            throw absence?.error ?? Self.late
        }
        guard waiters.count(where: { $0.purpose == purpose }) < Self.mostWaiting else {
            throw PostgresError.lost("too many wait for a connection")
        }
        if hasRoom(for: purpose) { open() }
        metrics.beginWaiting()
        defer { metrics.endWaiting() }
        return try await wait(for: purpose)
    }

    private func hasRoom(for purpose: Purpose) -> Bool {
        purpose == .reading || writerCount < size - Self.readers
    }

    private func wait(for purpose: Purpose) async throws -> Connection {
        if !isExpiringWaiters {
            isExpiringWaiters = true
            Task { await expireWaiters() }
        }
        return try await withCheckedThrowingContinuation { continuation in
            waiters.append(
                Waiter(
                    deadline: .now + Self.waitTimeout, purpose: purpose,
                    continuation: continuation))
        }
    }

    /// Gives up who waits for too long, as long as anybody waits.
    ///
    /// One timer for all of them: one for each was a tenth of what a write costs.
    private func expireWaiters() async {
        while let first = waiters.first {
            try? await Task.sleep(until: first.deadline, clock: .continuous)
            let late = waiters.prefix { $0.deadline <= .now }
            waiters.removeFirst(late.count)
            for waiter in late {
                waiter.continuation.resume(
                    throwing: absence?.error ?? PostgresError.lost("all connections are in use"))
            }
        }
        isExpiringWaiters = false
    }

    private func failWaiters(_ error: any Error) {
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
        waiters = []
    }

    /// Opens one more for those who wait, unless the database took none a moment ago.
    ///
    /// Where it takes none while others are at work, one of those will come back.
    private func open() {
        guard count < size, openings.count + overdueCount < Self.mostOpenings,
            absence.map({ $0.end <= .now }) ?? true
        else { return }
        count += 1
        lastOpening += 1
        let opening = lastOpening
        openings.insert(opening)
        let timeout = Task {
            try await Task.sleep(for: Self.openingTimeout)
            stopWaiting(for: opening)
        }
        Task {
            let (address, preparation, cuts) = (address, preparation, cuts)
            let result = await onThread { try Connection(address, preparation) }
            timeout.cancel()
            end(opening, result, isCut: cuts != self.cuts)
        }
    }

    /// Frees the place of a connection that takes too long to be opened.
    private func stopWaiting(for opening: Int) {
        guard openings.remove(opening) != nil else { return }
        overdueCount += 1
        count -= 1
        absence = (Self.late, .now + Self.pause)
        if count == openings.count { failWaiters(Self.late) }
    }

    /// - Parameter isCut: Whether the database has cut its connections meanwhile: one that was made
    ///   before may not know it yet, and one that failed tells nothing.
    private func end(_ opening: Int, _ result: Result<Connection, any Error>, isCut: Bool) {
        if openings.remove(opening) == nil {
            overdueCount -= 1
            guard case .success = result, count < size else { return }
            count += 1
        }
        switch result {
        case .success(let connection):
            absence = nil
            keep(connection, isCut: isCut)
        case .failure where isCut:
            count -= 1
            openForWaiters()
        case .failure(let error):
            count -= 1
            absence = (error, .now + Self.pause)
            if count == 0 { failWaiters(error) }
        }
    }

    private func takeBack(_ connection: Connection, from purpose: Purpose) {
        if purpose == .writing { writerCount -= 1 }
        keep(connection)
    }

    /// A connection that lies idle and was not cut meanwhile.
    private func takeIdle() -> Connection? {
        while let connection = idle.popLast() {
            if !connection.wasCut { return connection }
            count -= 1
        }
        return nil
    }

    /// Gives a connection that nobody uses to the next who waits; one that is broken is replaced.
    private func keep(_ connection: Connection, isCut: Bool = false) {
        if isCut || isClosed {
            count -= 1
        } else if connection.isBroken {
            count -= 1
            if !connection.isSilent {
                // What cut one has cut those that lie idle, and those that are being opened, which
                // tells nothing of whether the database takes new ones.
                count -= idle.count
                idle = []
                cuts += 1
                absence = nil
            }
        } else {
            idle.append(connection)
        }
        while let index = waiters.firstIndex(where: { hasRoom(for: $0.purpose) }),
            let connection = takeIdle()
        {
            let waiter = waiters.remove(at: index)
            if waiter.purpose == .writing { writerCount += 1 }
            waiter.continuation.resume(returning: connection)
        }
        openForWaiters()
    }

    private func openForWaiters() {
        for waiter in waiters.prefix(size) where hasRoom(for: waiter.purpose) { open() }
        // Where look-ups hang, nothing more is opened, and nothing comes back.
        if count == 0, overdueCount > 0 { failWaiters(absence?.error ?? Self.late) }
    }
}
