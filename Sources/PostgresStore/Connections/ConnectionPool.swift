internal import Inventory
internal import Storage
internal import Threads

/// A few connections, each lent to one task at a time, and the threads on which they block.
package actor ConnectionPool {
    enum Purpose {
        case reading
        /// Writing, which may wait for row locks.
        case writing
    }

    package static let standardSize = 10
    /// How many connections are reserved for reading, which waits for no row locks.
    private static let readers = 3
    /// The possible sizes of a pool. The smallest has one connection for writing.
    package static let sizes = readers + 1...100
    /// How many tasks of each purpose may wait for a connection.
    static let mostWaiting = 1000
    /// How long a task waits for a connection: less than for a lock, which it may need afterwards.
    private static let waitTimeout = Duration.milliseconds(2500)
    /// How long tasks wait for a new connection. That includes the DNS look-up, which libpq does
    /// not limit, and all addresses, which libpq tries in turn.
    private static let openingTimeout = Duration.milliseconds(1500)
    /// How many connections may be opening at once, including overdue ones: a DNS look-up cannot be
    /// ended, and blocks its thread.
    private static let mostOpenings = 5
    /// How long the pool opens no connection after the database refused one.
    private static let pause = Duration.milliseconds(500)
    private static let late = PostgresError.lost("no connection was opened in time")

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
    /// All connections, including those being opened that are not overdue.
    private(set) var count = 0
    /// The numbers of the connections that are being opened and are not overdue.
    private var openings: Set<Int> = []
    private var lastOpening = 0
    /// How many connections take longer than `openingTimeout` to open.
    private var overdueCount = 0
    private var writerCount = 0
    /// In the order of their deadlines.
    private var waiters: [Waiter] = []
    private var isExpiringWaiters = false
    /// Until `end`, the database is assumed to refuse connections.
    private var absence: (error: any Error, end: ContinuousClock.Instant)?
    private var isClosed = false
    /// How often the database has cut a connection.
    private var cuts = 0

    /// One thread for each connection and each opening, so no task waits for a thread.
    let threads: BlockingThreadPool

    init(address: PostgresAddress, size: Int) {
        self.address = address
        self.size = size
        threads = BlockingThreadPool(count: size + Self.mostOpenings, mostWaiting: size)
    }

    /// Calls `body` with a connection, on a thread that it may block.
    func withConnection<Value: Sendable>(
        _ purpose: Purpose, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        let metrics = purpose == .reading ? metrics.readers : metrics.writers
        let connection = try await lend(for: purpose, metrics)
        metrics.beginUse()
        defer {
            metrics.endUse()
            if purpose == .writing { writerCount -= 1 }
            keep(connection)
        }
        return try await threads.run { try body(connection) }
    }

    /// Closes the idle connections now, and the others after use.
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
            // All openings are overdue or about to be, so the task does not wait for another one.
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

    /// One timer expires all waiting tasks, because a timer for each costs a tenth of a write.
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

    /// Opens a connection for the waiting tasks, unless the database has just refused one.
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
            let result: Result<Connection, any Error>
            do {
                result = .success(try await threads.run { try Connection(address, preparation) })
            } catch {
                result = .failure(error)
            }
            timeout.cancel()
            end(opening, result, isCut: cuts != self.cuts)
        }
    }

    /// Stops counting a connection that takes too long to open, so that another one can be opened.
    private func stopWaiting(for opening: Int) {
        guard openings.remove(opening) != nil else { return }
        overdueCount += 1
        count -= 1
        absence = (Self.late, .now + Self.pause)
        if count == openings.count { failWaiters(Self.late) }
    }

    /// - Parameter isCut: Whether the database has cut its connections meanwhile. Then it may have
    ///   cut the new connection, too, and an error is out of date.
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

    private func takeIdle() -> Connection? {
        while let connection = idle.popLast() {
            if !connection.wasCut { return connection }
            count -= 1
        }
        return nil
    }

    /// Keeps a connection for the next task, or replaces a broken one.
    private func keep(_ connection: Connection, isCut: Bool = false) {
        if isCut || isClosed {
            count -= 1
        } else if connection.isBroken {
            count -= 1
            if !connection.isSilent {
                // The database has probably cut the idle connections, and those that are being
                // opened, at the same time. It may accept new ones.
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
        // If DNS look-ups hang, no connection is opened or returned, so the tasks would wait in
        // vain.
        if count == 0, overdueCount > 0 { failWaiters(absence?.error ?? Self.late) }
    }
}
