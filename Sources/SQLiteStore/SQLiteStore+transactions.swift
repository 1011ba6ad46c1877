internal import GRDB
internal import Inventory

extension SQLiteStore {
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.read(body)
        } catch let error as DatabaseError where error.isPassing {
            throw InventoryError.unavailable(reason: error)
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.write(body)
        } catch let error as DatabaseError where error.isPassing {
            throw InventoryError.unavailable(reason: error)
        }
    }

    /// Reads with one statement, on the calling thread, which suits what takes microseconds.
    func readAtOnce<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            // Without a transaction: a statement is one by itself.
            return try lookups.unsafeRead(body)
        } catch let error as DatabaseError where error.isPassing {
            throw InventoryError.unavailable(reason: error)
        }
    }
}

extension DatabaseError {
    /// Whether the same request may succeed later, without anybody changing the program.
    fileprivate var isPassing: Bool {
        switch resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN,
            .SQLITE_READONLY, .SQLITE_NOMEM:
            true
        default:
            false
        }
    }
}
