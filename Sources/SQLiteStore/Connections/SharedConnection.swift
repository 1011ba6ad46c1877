internal import CSQLite
internal import Foundation

/// A connection that one thread uses at a time; the others wait.
final class SharedConnection: @unchecked Sendable {
    private let lock = NSLock()
    private let connection: SQLiteConnection

    init(
        path: String = ":memory:", isReadOnly: Bool = false, busyTimeout: Duration = .seconds(2)
    ) throws {
        connection = try SQLiteConnection(
            path: path, isReadOnly: isReadOnly, busyTimeout: busyTimeout)
    }

    func use<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        lock.lock()
        defer { lock.unlock() }
        guard connection.isOpen else {
            throw SQLiteError(SQLITE_MISUSE, "the connection is closed")
        }
        return try body(connection)
    }

    func read<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        try use { try $0.read(body) }
    }

    func write<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        try use { try $0.write(body) }
    }

    /// Waits for the thread that uses the connection, and closes it.
    func close() {
        lock.lock()
        defer { lock.unlock() }
        connection.close()
    }
}
