internal import Foundation
internal import Threads

/// A few connections, each lent to one task at a time, whose blocking work is done on threads of
/// the pool's own.
actor ConnectionPool {
    static let size = 10
    /// How many of them may write at once: writers may wait for each other's rows, and readers shall
    /// not wait with them.
    static let mostWriting = size - 3
    /// How many tasks may wait for a connection; who comes then is told at once.
    private static let mostWaiting = 1000
    /// How long a task waits for a connection that others use.
    private static let lendTimeout = Duration.seconds(5)
    /// How long it waits where there is none yet: all that it takes to connect, the look-up of the name
    /// included, which libpq's own timeout is not about.
    private static let connectTimeout = Duration.seconds(2)
    /// How long the database is taken to be away, or to have no room for another connection, after
    /// one could not be made: those who come meanwhile do not try again.
    private static let pause = Duration.milliseconds(500)

    private struct Waiter {
        let id: Int
        let isWriting: Bool
        let continuation: CheckedContinuation<Connection, any Error>
    }

    private let address: PostgresAddress
    private let threads = WorkThreads(count: size, mostWaiting: size)
    private let preparation = Preparation()
    private var idle: [Connection] = []
    private var connectingCount = 0
    /// How many connections are lent.
    private(set) var lentCount = 0
    private var writingCount = 0
    private var waiters: [Waiter] = []
    private var lastWaiter = 0
    private var refusal: (error: any Error, end: ContinuousClock.Instant)?
    private var isClosed = false

    init(address: PostgresAddress) {
        self.address = address
    }

    /// Calls `body`, on a thread where it may block, with a connection that nobody else has
    /// meanwhile.
    ///
    /// - Throws: What `body` throws, and ``PostgresError`` where no connection is to be had.
    func withConnection<Value: Sendable>(
        isWriting: Bool = false, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        let connection = try await lend(isWriting: isWriting)
        defer { takeBack(connection, isWriting: isWriting) }
        return try await threads.run { try body(connection) }
    }

    /// Ends the connections as they come back.
    func close() {
        isClosed = true
        idle = []
        failWaiters(PostgresError.lost("the pool is closed"))
    }

    private func lend(isWriting: Bool) async throws -> Connection {
        guard !isClosed else { throw PostgresError.lost("the pool is closed") }
        if mayLend(isWriting: isWriting), let connection = idle.popLast() {
            count(isWriting: isWriting)
            return connection
        }
        guard waiters.count < Self.mostWaiting else {
            throw PostgresError.lost("too many wait for a connection")
        }
        if let refusal, refusal.end > .now, lentCount == 0 { throw refusal.error }
        if mayLend(isWriting: isWriting) { connectIfThereIsRoom() }
        return try await wait(isWriting: isWriting)
    }

    private func mayLend(isWriting: Bool) -> Bool {
        !isWriting || writingCount < Self.mostWriting
    }

    private func count(isWriting: Bool) {
        lentCount += 1
        if isWriting { writingCount += 1 }
    }

    /// Begins to make another connection, which goes to whoever waits first by then.
    private func connectIfThereIsRoom() {
        let isPaused = refusal.map { $0.end > .now } ?? false
        guard idle.count + lentCount + connectingCount < Self.size, !isPaused else { return }
        connectingCount += 1
        let (address, preparation, threads) = (address, preparation, threads)
        Task {
            do {
                let connection = try await threads.run {
                    try Connection(address, preparation: preparation)
                }
                connected(connection)
            } catch {
                couldNotConnect(error)
            }
        }
    }

    private func connected(_ connection: Connection) {
        connectingCount -= 1
        refusal = nil
        handOn(connection)
    }

    private func couldNotConnect(_ error: any Error) {
        connectingCount -= 1
        refusal = (error, .now + Self.pause)
        // Where others work, the server may just have no room for more: those who wait get theirs.
        if lentCount == 0 { failWaiters(error) }
    }

    private func wait(isWriting: Bool) async throws -> Connection {
        lastWaiter += 1
        let id = lastWaiter
        let patience = lentCount == 0 ? Self.connectTimeout : Self.lendTimeout
        let timeout = Task {
            try await Task.sleep(for: patience)
            giveUp(id)
        }
        defer { timeout.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            waiters.append(Waiter(id: id, isWriting: isWriting, continuation: continuation))
        }
    }

    private func giveUp(_ id: Int) {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
        waiters.remove(at: index).continuation.resume(
            throwing: PostgresError.lost("no connection was to be had in time"))
    }

    private func failWaiters(_ error: any Error) {
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
        waiters = []
    }

    private func takeBack(_ connection: Connection, isWriting: Bool) {
        lentCount -= 1
        if isWriting { writingCount -= 1 }
        guard !isClosed else { return }
        if connection.isBroken {
            // What broke one has broken those that lie idle.
            idle = []
            if !waiters.isEmpty { connectIfThereIsRoom() }
            if lentCount == 0, connectingCount == 0, let refusal { failWaiters(refusal.error) }
        } else {
            handOn(connection)
        }
    }

    /// Lends the connection to the first who waits for one and may have it, or lays it by.
    private func handOn(_ connection: Connection) {
        guard !isClosed else { return }
        guard let index = waiters.firstIndex(where: { mayLend(isWriting: $0.isWriting) }) else {
            idle.append(connection)
            return
        }
        let waiter = waiters.remove(at: index)
        count(isWriting: waiter.isWriting)
        waiter.continuation.resume(returning: connection)
    }
}
