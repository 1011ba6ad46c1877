internal import CSQLite
internal import Storage

/// A connection to a database, for one thread at a time: see ``SharedConnection``.
package final class SQLiteConnection {
    /// How many instructions of its virtual machine SQLite runs between two checks for an
    /// interruption: a few milliseconds.
    private static let instructionsBetweenChecks: Int32 = 50_000

    private let busyTimeout: Duration
    private var handle: OpaquePointer?
    private var cachedStatements: [String: SQLiteStatement] = [:]
    /// A table into which a statement inserts nothing if it is prepared now.
    private var omittedTable: String?
    /// The first number created by the transaction that is not yet in the search index.
    var firstUnindexedID: Int64?

    init(path: String, isReadOnly: Bool, busyTimeout: Duration) throws {
        self.busyTimeout = busyTimeout
        let flags = isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        // SQLite's mutex is not needed: the caller locks (https://www.sqlite.org/threadsafe.html).
        let code = sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK else { throw SQLiteError(code, on: handle) }
        sqlite3_extended_result_codes(handle, 1)
        csqlite_disable_double_quoted_strings(handle)
        setBusyTimeout(busyTimeout)
        if !isReadOnly { omitInsertions() }
        // The SELECT fails if the file is not a database.
        try runScript("PRAGMA foreign_keys = ON; SELECT 1 FROM sqlite_schema LIMIT 1")
    }

    deinit { close() }

    func close() {
        cachedStatements = [:]
        sqlite3_close_v2(handle)
        handle = nil
    }

    var isOpen: Bool { handle != nil }
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
    var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }
    /// How many rows the last statement changed.
    var changeCount: Int { Int(sqlite3_changes(handle)) }
    /// How many rows all statements of the connection changed, including triggers.
    var totalChangeCount: Int { Int(sqlite3_total_changes(handle)) }

    /// - Parameter isCached: False for SQL with many variants, and for a PRAGMA that SQLite
    ///   executes when it prepares the statement.
    func statement(_ sql: String, isCached: Bool = true) throws -> SQLiteStatement {
        if isCached, let statement = cachedStatements[sql] { return statement }
        let statement = try SQLiteStatement(sql, isCached: isCached, on: handle)
        if isCached { cachedStatements[sql] = statement }
        return statement
    }

    /// Executes statements without parameters, and ignores their rows.
    func runScript(_ sql: String) throws {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(code, on: handle) }
    }

    func withBusyTimeout<Value>(
        _ timeout: Duration, _ body: () throws -> Value
    ) rethrows -> Value {
        setBusyTimeout(timeout)
        defer { setBusyTimeout(busyTimeout) }
        return try body()
    }

    func setBusyTimeout(_ timeout: Duration) {
        sqlite3_busy_timeout(handle, Int32(timeout / .milliseconds(1)))
    }

    // https://www.sqlite.org/c3ref/set_authorizer.html
    private func omitInsertions() {
        sqlite3_set_authorizer(
            handle,
            { pointer, action, table, _, _, _ in
                guard action == SQLITE_INSERT, let pointer, let table else { return SQLITE_OK }
                let connection = Unmanaged<SQLiteConnection>.fromOpaque(pointer)
                let omitted = connection.takeUnretainedValue().omittedTable
                return omitted == String(cString: table) ? SQLITE_IGNORE : SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Calls `body`. The statements that it prepares, and their triggers, insert nothing into
    /// `table`.
    func withoutInsertions<Value>(
        into table: String, _ body: () throws -> Value
    ) rethrows -> Value {
        omittedTable = table
        defer { omittedTable = nil }
        return try body()
    }

    /// Calls `body`, whose statements fail with `SQLITE_INTERRUPT` once `isDue` returns true.
    // https://www.sqlite.org/c3ref/progress_handler.html
    func interrupting<Value>(
        if isDue: @escaping () -> Bool, _ body: () throws -> Value
    ) rethrows -> Value {
        let check = InterruptCheck(isDue: isDue)
        sqlite3_progress_handler(
            handle, Self.instructionsBetweenChecks,
            { pointer in
                let check = pointer.map { Unmanaged<InterruptCheck>.fromOpaque($0) }
                return check?.takeUnretainedValue().isDue() == true ? 1 : 0
            }, Unmanaged.passUnretained(check).toOpaque())
        defer { withExtendedLifetime(check) { sqlite3_progress_handler(handle, 0, nil, nil) } }
        return try body()
    }

    /// Copies the whole database into another one, as one snapshot.
    // https://www.sqlite.org/backup.html
    func backUp(to copy: SQLiteConnection) throws {
        guard let backup = sqlite3_backup_init(copy.handle, "main", handle, "main") else {
            throw SQLiteError(sqlite3_extended_errcode(copy.handle), on: copy.handle)
        }
        let stepCode = sqlite3_backup_step(backup, -1)
        let finishCode = sqlite3_backup_finish(backup)
        guard stepCode == SQLITE_DONE else { throw SQLiteError(stepCode, on: copy.handle) }
        guard finishCode == SQLITE_OK else { throw SQLiteError(finishCode, on: copy.handle) }
    }
}

private final class InterruptCheck {
    let isDue: () -> Bool

    init(isDue: @escaping () -> Bool) {
        self.isDue = isDue
    }
}

extension SQLiteConnection {
    func execute(_ sql: String, _ values: [StoredValue] = []) throws {
        try statement(sql).execute(values)
    }

    /// Calls `body` in a transaction that reads one snapshot, and rolls back its writes.
    func read<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        try execute("BEGIN")
        defer { rollBack() }
        return try body(self)
    }

    /// Calls `body` in a transaction, and commits it unless `body` throws.
    func write<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        try execute("BEGIN IMMEDIATE")
        firstUnindexedID = nil
        do {
            let value = try body(self)
            try execute("COMMIT")
            return value
        } catch {
            rollBack()
            throw error
        }
    }

    private func rollBack() {
        // SQLite ends the transaction itself after some errors.
        if isInTransaction { try? execute("ROLLBACK") }
    }
}
