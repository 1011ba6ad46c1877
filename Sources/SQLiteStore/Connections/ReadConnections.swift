internal import Synchronization

/// Connections for short reads, at most one per reading thread.
final class ReadConnections: Sendable {
    private struct Connections {
        var all: [SharedConnection] = []
        var idle: [SharedConnection] = []
    }

    private let open: @Sendable () throws -> SharedConnection
    private let connections = Mutex(Connections())

    /// - Parameter open: Opens one more connection if all are in use. If the database is in memory,
    ///   it returns the only connection.
    init(open: @escaping @Sendable () throws -> SharedConnection) {
        self.open = open
    }

    func read<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        // The connection that was used last has most pages in its cache.
        let connection = try connections.withLock { $0.idle.popLast() } ?? openOneMore()
        defer { connections.withLock { $0.idle.append(connection) } }
        return try connection.read(body)
    }

    private func openOneMore() throws -> SharedConnection {
        let connection = try open()
        connections.withLock { $0.all.append(connection) }
        return connection
    }

    /// Waits for the reads, and closes all connections.
    func close() {
        for connection in connections.withLock({ $0.all }) { connection.close() }
    }
}
