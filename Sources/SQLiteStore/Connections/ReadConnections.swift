internal import GRDB
internal import Synchronization

/// Connections for short reads, each used by one thread at a time.
///
/// GRDB's pool goes through all of its connections for each read, asks whether the tables have changed, and
/// has SQLite parse the beginning and the end of each transaction anew.
final class ReadConnections: Sendable {
    private struct Connections {
        var all: [DatabaseQueue] = []
        var idle: [DatabaseQueue] = []
    }

    private let open: @Sendable () throws -> DatabaseQueue
    private let connections = Mutex(Connections())

    /// - Parameter open: Makes one more connection where all are in use; where there is only one, it
    ///   is always the same, which lets one thread in after the other.
    init(open: @escaping @Sendable () throws -> DatabaseQueue) {
        self.open = open
    }

    /// Calls `body` with one state of the database, in which others may write meanwhile.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        // The one that was used last has most in its cache.
        let connection = try connections.withLock { $0.idle.popLast() } ?? openOneMore()
        defer { connections.withLock { $0.idle.append(connection) } }
        return try connection.unsafeRead { db in
            try db.cachedStatement(sql: "BEGIN").execute([])
            // Where an error has ended the transaction, there is none to end.
            defer { try? db.cachedStatement(sql: "COMMIT").execute([]) }
            return try body(db)
        }
    }

    private func openOneMore() throws -> DatabaseQueue {
        let connection = try open()
        connections.withLock { $0.all.append(connection) }
        return connection
    }

    /// Waits for what runs, and closes all.
    func close() throws {
        for connection in connections.withLock({ $0.all }) { try connection.close() }
    }
}
