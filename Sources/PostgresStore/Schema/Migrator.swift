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
    /// Whether to run final migrations in an existing inventory.
    var finishes = false
    /// Called with each migration after its commit.
    var onMigration: MigrationReport = { _, _ in }

    /// Only reads if no migration is due, so a standby suffices then.
    func migrate(creates: Bool = true) throws {
        let connection = try connect()
        var missing = try self.missing(in: connection, creates: creates)
        if !missing.due.isEmpty, let turn = try waitForTurn(connection) {
            try connection.createMigrationTables()
            connection.hasTimeout = false
            missing = try self.missing(in: connection)
            for migration in missing.due {
                guard !turn.wasCut else {
                    throw PostgresError.lost("the lock of migrations was lost")
                }
                try perform(migration, isNew: missing.areAll, on: connection)
                onMigration(migration.name, true)
            }
            try turn.execute("ROLLBACK")
        }
        missing.report(to: onMigration)
    }

    func check(creates: Bool = true) throws {
        let missing = try self.missing(in: connect(), creates: creates)
        guard missing.due.isEmpty else { throw OpeningError.olderSchema(place: "\(address)") }
        missing.report(to: onMigration)
    }

    func checkExists() throws { _ = try missing(in: connect(), creates: false) }

    /// Connects without prepared statements: behind a proxy, another program may use the same
    /// server connection next, where their names would exist already.
    private func connect() throws -> Connection {
        try Connection(address, Preparation(isOn: false))
    }

    private func missing(
        in connection: Connection, creates: Bool = true
    ) throws -> MissingMigrations {
        try connection.missing(
            of: migrations, at: "\(address)", creates: creates, finishes: finishes)
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
            guard try !missing(in: connection).due.isEmpty else { return nil }
            Thread.sleep(forTimeInterval: Self.pause)
        }
    }

    private func perform(
        _ migration: Migration, isNew: Bool, on connection: Connection
    ) throws {
        var statements: String? = migration.sql
        if migration.isOfIndexes {
            let indexes = Index.all(in: migration.sql)
            if isNew {
                let names = indexes.map(\.name).joined(separator: ", ")
                statements = "DROP INDEX IF EXISTS \(names); \(migration.sql)"
            } else {
                try rebuild(indexes, for: migration, on: connection)
                statements = nil
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

/// An index that a migration builds, rebuilds or drops.
private struct Index {
    let name: Substring
    /// The table and its columns; nil if the index is dropped.
    let definition: Substring?

    static func all(in sql: String) -> [Index] {
        sql.matches(of: /(?:CREATE INDEX|DROP INDEX IF EXISTS) (\w+)(?: ON (.+))?;/).map { match in
            Index(name: match.1, definition: match.2)
        }
    }

    /// Builds the new index, then drops the old one, so readers stay fast and writers do not wait
    /// (https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY).
    /// A rebuild may be interrupted, and called again.
    func rebuild(on connection: Connection) throws {
        let drop = "DROP INDEX CONCURRENTLY IF EXISTS \(name)"
        guard let definition else { return try connection.execute(drop) }
        let new = name + "_new"
        let unfinished = try connection.query(
            "SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid",
            [.text(String(new))])
        if unfinished.count > 0 { try connection.execute("DROP INDEX CONCURRENTLY \(new)") }
        for statement in [
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS \(new) ON \(definition)", drop,
            "ALTER INDEX \(new) RENAME TO \(name)",
        ] { try connection.execute(statement) }
    }
}

extension Connection {
    fileprivate func sessionID() throws -> String? {
        try row("SELECT pg_backend_pid()") { $0.text() }
    }
}
