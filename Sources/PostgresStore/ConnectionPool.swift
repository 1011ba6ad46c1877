internal import Inventory
internal import Threads

/// A few connections, each lent to one task at a time, whose blocking work is done on threads of
/// the pool's own.
actor ConnectionPool {
    /// What a task wants a connection for.
    enum Purpose {
        case reading
        /// Which may have to wait for locks.
        case writing
    }

    static let size = 10
    /// The others are for reading, which no lock of a row can keep.
    static let mostWriters = size - 3
    /// How many tasks wait for a connection, of each purpose.
    static let mostWaiting = 1000
    /// How long a task waits for a connection.
    ///
    /// Also for a new one, and the look-up of its host, which libpq sets no limit to. Shorter than
    /// the wait for a lock: who waits behind many others that wait for one does not wait for it as
    /// well.
    private static let waitTimeout = Duration.milliseconds(2500)
    /// How long the database is taken to be away, or full, after it took no connection: those who
    /// come meanwhile do not ask again.
    private static let pause = Duration.milliseconds(500)

    private struct Waiter {
        let id: Int
        let purpose: Purpose
        let continuation: CheckedContinuation<Connection, any Error>
    }

    private let address: PostgresAddress
    private let preparation = Preparation()
    private let metrics = StoreMetrics()
    private(set) var idle: [Connection] = []
    /// How many connections there are, those among them that are being opened.
    private(set) var count = 0
    private var writerCount = 0
    private var waiters: [Waiter] = []
    private var lastWaiter = 0
    private var absence: (error: any Error, end: ContinuousClock.Instant)?
    private var isClosed = false
    /// Counts how often the database has cut its connections.
    private var cuts = 0

    /// A connection occupies one at most, so nothing waits for a thread.
    private let threads = WorkThreads(count: size, mostWaiting: size)

    init(address: PostgresAddress) {
        self.address = address
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
        guard waiters.count(where: { $0.purpose == purpose }) < Self.mostWaiting else {
            throw PostgresError.lost("too many wait for a connection")
        }
        if hasRoom(for: purpose) { open() }
        metrics.beginWaiting()
        defer { metrics.endWaiting() }
        return try await wait(for: purpose)
    }

    private func hasRoom(for purpose: Purpose) -> Bool {
        purpose == .reading || writerCount < Self.mostWriters
    }

    private func wait(for purpose: Purpose) async throws -> Connection {
        lastWaiter += 1
        let id = lastWaiter
        let timeout = Task {
            try await Task.sleep(for: Self.waitTimeout)
            giveUp(id)
        }
        defer { timeout.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            waiters.append(Waiter(id: id, purpose: purpose, continuation: continuation))
        }
    }

    private func giveUp(_ id: Int) {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
        waiters.remove(at: index).continuation.resume(
            throwing: absence?.error ?? PostgresError.lost("all connections are in use"))
    }

    private func failWaiters(_ error: any Error) {
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
        waiters = []
    }

    /// Opens one more for those who wait, unless the database took none a moment ago.
    ///
    /// Where it takes none while others are at work, one of those will come back.
    private func open() {
        guard count < Self.size, absence.map({ $0.end <= .now }) ?? true else { return }
        count += 1
        Task {
            let (address, preparation, cuts) = (address, preparation, cuts)
            switch await onThread({ try Connection(address, preparation) }) {
            case .success(let connection):
                absence = nil
                // One that was cut meanwhile may not know it yet.
                keep(connection, isCut: cuts != self.cuts)
            case .failure where cuts != self.cuts:
                count -= 1
                openForWaiters()
            case .failure(let error):
                count -= 1
                absence = (error, .now + Self.pause)
                if count == 0 { failWaiters(error) }
            }
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
        for waiter in waiters.prefix(Self.size) where hasRoom(for: waiter.purpose) { open() }
    }
}
