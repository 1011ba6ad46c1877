internal import GRDB
internal import GRDBSQLite
internal import Inventory
internal import Storage

extension Database {
    /// How many steps of SQLite's machine lie between two looks at the clock: some milliseconds.
    private static let stepsBetweenLooks: Int32 = 50_000

    /// Calls `body`, whose statements SQLite interrupts once `deadline` has passed
    /// (https://www.sqlite.org/c3ref/progress_handler.html).
    ///
    /// - Parameter deadline: Nil for as long as it takes.
    /// - Throws: What `body` throws; that is `SQLITE_INTERRUPT` where it took too long.
    func interrupting<Value>(
        at deadline: ContinuousClock.Instant?, _ body: () throws -> Value
    ) rethrows -> Value {
        guard let deadline else { return try body() }
        return try withUnsafePointer(to: deadline) { deadline in
            sqlite3_progress_handler(
                sqliteConnection, Self.stepsBetweenLooks,
                { pointer in
                    let deadline = pointer?.assumingMemoryBound(to: ContinuousClock.Instant.self)
                    return deadline.map { $0.pointee <= .now } ?? false ? 1 : 0
                }, UnsafeMutableRawPointer(mutating: deadline))
            defer { interruptNoMore() }
            return try body()
        }
    }

    /// Calls `body`, whose statements SQLite interrupts once the task is cancelled.
    ///
    /// - Throws: What `body` throws, and `CancellationError`.
    func interrupting<Value>(
        by cancellation: Cancellation, _ body: () throws -> Value
    ) throws -> Value {
        sqlite3_progress_handler(
            sqliteConnection, Self.stepsBetweenLooks,
            { pointer in
                let flag = pointer.map { Unmanaged<Cancellation>.fromOpaque($0) }
                return flag?.takeUnretainedValue().isCancelled ?? false ? 1 : 0
            }, Unmanaged.passUnretained(cancellation).toOpaque())
        defer { interruptNoMore() }
        do {
            return try body()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            throw CancellationError()
        }
    }

    /// Lets what ``interrupting(at:_:)`` has begun take as long as it takes.
    func interruptNoMore() { sqlite3_progress_handler(sqliteConnection, 0, nil, nil) }
}
