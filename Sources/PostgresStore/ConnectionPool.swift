internal import Dispatch
internal import Foundation

/// A few connections, each lent to one task at a time, whose blocking work is done on threads of
/// the pool's own.
actor ConnectionPool {
    static let size = 10
    /// How long a task waits for a connection.
    private static let patience = Duration.seconds(5)
    /// How long the database is taken to be away after nobody answered: those who come meanwhile
    /// are told at once.
    private static let pause = Duration.milliseconds(500)

    private enum Lease {
        case connection(Connection)
        /// Room for another one.
        case vacancy
    }

    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Lease, any Error>
    }

    private let address: PostgresAddress
    private var idle: [Connection] = []
    private var count = 0
    private var waiters: [Waiter] = []
    private var lastWaiter = 0
    private var absence: (error: any Error, end: ContinuousClock.Instant)?
    private var isClosed = false

    private let threads = DispatchQueue(label: "PostgreSQL", attributes: .concurrent)

    init(address: PostgresAddress) {
        self.address = address
    }

    /// How many connections are lent.
    ///
    /// For tests.
    var lentCount: Int { count - idle.count }

    /// Calls `body`, on a thread where it may block, with a connection that nobody else has
    /// meanwhile.
    ///
    /// - Throws: What `body` throws, and ``PostgresError`` where no connection is to be had.
    func withConnection<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        let connection = try await lend()
        let result = await onThread { try body(connection) }
        takeBack(connection)
        return try result.get()
    }

    /// Ends the connections as they come back.
    func close() {
        isClosed = true
        count -= idle.count
        idle = []
        failWaiters(PostgresError.lost("the pool is closed"))
    }

    private func lend() async throws -> Connection {
        guard !isClosed else { throw PostgresError.lost("the pool is closed") }
        if let connection = idle.popLast() { return connection }
        if let absence, absence.end > .now { throw absence.error }
        guard count >= Self.size else {
            count += 1
            return try await connect()
        }
        switch try await wait() {
        case .connection(let connection): return connection
        case .vacancy: return try await connect()
        }
    }

    /// Fills a place that is counted already.
    private func connect() async throws -> Connection {
        let address = address
        do {
            let connection = try await onThread { try Connection(address) }.get()
            absence = nil
            return connection
        } catch {
            count -= 1
            absence = (error, .now + Self.pause)
            failWaiters(error)
            throw error
        }
    }

    private func wait() async throws -> Lease {
        lastWaiter += 1
        let id = lastWaiter
        let timeout = Task {
            try await Task.sleep(for: Self.patience)
            giveUp(id)
        }
        defer { timeout.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            waiters.append(Waiter(id: id, continuation: continuation))
        }
    }

    private func giveUp(_ id: Int) {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
        waiters.remove(at: index).continuation.resume(
            throwing: PostgresError.lost("all connections are in use"))
    }

    private func failWaiters(_ error: any Error) {
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
        waiters = []
    }

    private func takeBack(_ connection: Connection) {
        if connection.isBroken || isClosed {
            count -= 1
            // What broke one has broken those that lie idle.
            count -= idle.count
            idle = []
            while count < Self.size, !waiters.isEmpty {
                count += 1
                waiters.removeFirst().continuation.resume(returning: .vacancy)
            }
        } else if waiters.isEmpty {
            idle.append(connection)
        } else {
            waiters.removeFirst().continuation.resume(returning: .connection(connection))
        }
    }

    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async -> Result<Value, any Error> {
        await withCheckedContinuation { continuation in
            threads.async { continuation.resume(returning: Result { try body() }) }
        }
    }
}
