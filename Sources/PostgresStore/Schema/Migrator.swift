internal import Foundation
internal import Inventory
internal import Storage

/// Runs the missing migrations of a database while other programs use it.
struct Migrator: Sendable {
    /// How long a statement waits for an exclusive lock, while later readers and writers wait
    /// behind it.
    private static let lockTimeout = Duration.milliseconds(100)
    /// How long a statement that did not get its lock is retried.
    private static let longestWait = Duration.seconds(600)
    private static let pause = 0.5

    let address: PostgresAddress
    var migrations = Schema.migrations
    /// Called with the name of each migration after its commit.
    var onMigration: @Sendable (String) -> Void = { _ in }

    /// Only reads if no migration is missing, so a standby suffices then.
    func migrate(creates: Bool = true) throws {
        let connection = try connect()
        guard try !missing(in: connection, creates: creates).isEmpty,
            let turn = try waitForTurn(connection)
        else { return }
        try connection.createMigrationTables()
        connection.hasTimeout = false
        for migration in try missing(in: connection) {
            guard !turn.wasCut else { throw PostgresError.lost("the lock of migrations was lost") }
            try perform(migration, on: connection)
            onMigration(migration.name)
        }
        try turn.execute("ROLLBACK")
    }

    func check(creates: Bool = true) throws {
        guard try missing(in: connect(), creates: creates).isEmpty else {
            throw OpeningError.olderSchema(place: "\(address)")
        }
    }

    func checkExists() throws { _ = try missing(in: connect(), creates: false) }

    /// Connects without prepared statements: behind a proxy, another program may use the same
    /// server connection next, where their names would exist already.
    private func connect() throws -> Connection {
        try Connection(address, Preparation(isOn: false))
    }

    private func missing(in connection: Connection, creates: Bool = true) throws -> [Migration] {
        try connection.missing(of: migrations, at: "\(address)", creates: creates)
    }

    /// Waits until no other program migrates, and returns a connection that holds the lock; nil if
    /// another program has run all migrations meanwhile.
    private func waitForTurn(_ connection: Connection) throws -> Connection? {
        let turn = try connect()
        while true {
            // A transaction holds the lock, because behind a proxy a session may be shared. Poll: a
            // statement that waits, or a stricter isolation level, would hold a snapshot, for which
            // another program's CREATE INDEX CONCURRENTLY would wait.
            try turn.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            let lock = try turn.query("SELECT 1 WHERE pg_try_advisory_xact_lock(\(Schema.lock))")
            // This statement also ends the snapshot of the previous statement.
            try turn.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            if lock.count > 0 { return turn }
            try turn.execute("ROLLBACK")
            guard try !missing(in: connection).isEmpty else { return nil }
            Thread.sleep(forTimeInterval: Self.pause)
        }
    }

    private func perform(_ migration: Migration, on connection: Connection) throws {
        var statements: String? = migration.sql
        if migration.isOfIndexes {
            let indexes = Index.all(in: migration.sql)
            let tables = Set(indexes.map(\.table))
            let isFilled = try tables.contains {
                try connection.query("SELECT FROM \($0) LIMIT 1").count > 0
            }
            if isFilled {
                try rebuild(indexes, for: migration, on: connection)
                statements = nil
            } else {
                let names = indexes.map(\.name).joined(separator: ", ")
                statements = "DROP INDEX IF EXISTS \(names); \(migration.sql)"
            }
        }
        try withLockRetries(of: migration) {
            try inTransaction(connection) {
                if let statements { try connection.execute(statements) }
                try connection.record(migration)
            }
        }
    }

    private func rebuild(
        _ indexes: [Index], for migration: Migration, on connection: Connection
    ) throws {
        let ownsSession = try ownsServerSession(connection)
        for index in indexes {
            try withLockRetries(of: migration) {
                do {
                    if ownsSession {
                        // CREATE INDEX CONCURRENTLY waits for all transactions, but blocks none. It
                        // is not allowed in a transaction, so change the session's limits.
                        try connection.execute(
                            """
                            SET statement_timeout = 0;
                            SET lock_timeout = \(Self.longestWait.inMilliseconds)
                            """)
                    }
                    defer { if ownsSession { try? connection.limitWaits() } }
                    try index.rebuild(on: connection)
                } catch let error as PostgresError where !ownsSession && error.isStatementTimeout {
                    throw OpeningError.sessionsAreShared(migration: migration.name)
                }
            }
        }
    }

    /// Whether the connection keeps its session on the server. A proxy in mode `transaction`
    /// assigns a session to each statement, so two connections soon share a session, or a
    /// connection changes its session.
    private func ownsServerSession(_ connection: Connection) throws -> Bool {
        let other = try connect()
        let session = try connection.sessionID()
        for _ in 0..<10 {
            guard try other.sessionID() != session, try connection.sessionID() == session else {
                return false
            }
        }
        return true
    }

    /// Retries `body` after a lock timeout or a deadlock. The lock timeout is short, so clients do
    /// not wait long behind a migration that waits for a long reader such as a backup.
    private func withLockRetries(
        of migration: Migration, _ body: () throws -> Void
    ) throws {
        let end = ContinuousClock.now + Self.longestWait
        while true {
            do {
                return try body()
            } catch let error as PostgresError where error.isConflict || error.isLockTimeout {
                guard ContinuousClock.now < end else {
                    throw OpeningError.inUse(migration: migration.name)
                }
                Thread.sleep(forTimeInterval: Self.pause)
            }
        }
    }

    private func inTransaction(_ connection: Connection, _ body: () throws -> Void) throws {
        do {
            try connection.execute(
                """
                BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0;
                SET LOCAL lock_timeout = \(Self.lockTimeout.inMilliseconds)
                """)
            try body()
            try connection.execute("COMMIT")
        } catch {
            if !connection.isBroken { try? connection.execute("ROLLBACK") }
            throw error
        }
    }
}

/// An index that a migration builds, or rebuilds.
private struct Index {
    let name: Substring
    let table: Substring
    let columns: Substring

    static func all(in sql: String) -> [Index] {
        sql.matches(of: /CREATE INDEX (\w+) ON (\w+) (.+);/).map { match in
            Index(name: match.1, table: match.2, columns: match.3)
        }
    }

    /// Builds the new index, then drops the old one, so readers stay fast and writers do not wait
    /// (https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY).
    /// A rebuild may be interrupted, and called again.
    func rebuild(on connection: Connection) throws {
        let new = name + "_new"
        let unfinished = try connection.query(
            "SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid",
            [.text(String(new))])
        if unfinished.count > 0 { try connection.execute("DROP INDEX CONCURRENTLY \(new)") }
        for statement in [
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS \(new) ON \(table) \(columns)",
            "DROP INDEX CONCURRENTLY IF EXISTS \(name)",
            "ALTER INDEX \(new) RENAME TO \(name)",
        ] { try connection.execute(statement) }
    }
}

extension Connection {
    fileprivate func sessionID() throws -> String? {
        try row("SELECT pg_backend_pid()") { $0.text() }
    }
}
