internal import Foundation
internal import Inventory
internal import Storage

/// Does the migrations that a database has not been through, while other programs go on working on
/// it.
struct Migrator: Sendable {
    /// How long a statement that locks others out waits for those before it, while all others wait
    /// behind it.
    private static let lockTimeout = Duration.milliseconds(100)
    /// How long it is tried again and again, until nobody is in the way.
    private static let longestWait = Duration.seconds(600)
    private static let pause = 0.5
    /// For statements that wait for all who are at work, and for which nobody waits.
    ///
    /// They are allowed in no transaction, so that it is set for the session.
    private static let patience = """
        SET statement_timeout = 0;
        SET lock_timeout = \(longestWait.inMilliseconds)
        """

    let address: PostgresAddress
    var migrations = Schema.migrations
    /// Is told the name of each migration after it is done.
    var onMigration: @Sendable (String) -> Void = { _ in }

    /// Where no migration is missing it only reads, so that a standby will do.
    ///
    /// - Parameter creates: Whether to create the tables if there are none.
    /// - Throws: ``PostgresOpeningError/newerSchema``, ``PostgresOpeningError/inUse(migration:)``,
    ///   `NoInventory` and ``PostgresError``.
    func migrate(creates: Bool = true) throws {
        let connection = try connect()
        let missing = creates ? try missing(in: connection) : try checkExists(connection)
        guard !missing.isEmpty, let turn = try waitForTurn(connection) else { return }
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS schema_addition (name TEXT PRIMARY KEY)
            """)
        for migration in try self.missing(in: connection) {
            guard !turn.wasCut else { throw PostgresError.lost("the turn to migrate was lost") }
            try perform(migration, on: connection)
            onMigration(migration.name)
        }
        try turn.execute("ROLLBACK")
    }

    /// - Parameter creates: Whether tables may still be created: then none are older tables.
    /// - Throws: ``PostgresOpeningError/olderSchema`` where a migration is missing, and what
    ///   ``migrate(creates:)`` throws.
    func check(creates: Bool = true) throws {
        let missing = creates ? try missing(in: connect()) : try checkExists(connect())
        guard missing.isEmpty else { throw PostgresOpeningError.olderSchema }
    }

    /// - Throws: `NoInventory` if no migration was done, and what ``migrate(creates:)`` throws.
    func checkExists() throws { _ = try checkExists(connect()) }

    /// Returns the migrations that are missing.
    private func checkExists(_ connection: Connection) throws -> [Migration] {
        let missing = try missing(in: connection)
        guard missing.count < migrations.count else {
            throw NoInventory(at: address.description)
        }
        return missing
    }

    /// Behind a proxy, other programs may start on the same connection, so nothing is prepared.
    private func connect() throws -> Connection {
        try Connection(address, Preparation(isOn: false))
    }

    /// - Throws: ``PostgresOpeningError/newerSchema`` where the database demands a migration that this
    ///   program does not know.
    private func missing(in connection: Connection) throws -> [Migration] {
        let demands = try names(in: "schema_migration", connection)
        guard demands.isSubset(of: migrations.map(\.name)) else {
            throw PostgresOpeningError.newerSchema
        }
        let done = try demands.union(names(in: "schema_addition", connection))
        return migrations.filter { !done.contains($0.name) }
    }

    private func names(in table: String, _ connection: Connection) throws -> Set<String> {
        let isThere = try connection.query("SELECT 1 WHERE to_regclass('\(table)') IS NOT NULL")
        guard isThere.count > 0 else { return [] }
        return Set(try connection.query("SELECT name FROM \(table)").map { $0.text(0) })
    }

    /// Waits until no other program migrates.
    ///
    /// - Returns: A connection that keeps others waiting until it ends; nil where another program has
    ///   done all meanwhile.
    private func waitForTurn(_ connection: Connection) throws -> Connection? {
        let turn = try connect()
        while true {
            // The lock is a transaction's, since behind a proxy a session may be shared. It is not
            // waited for: a statement that waits has a snapshot, and CREATE INDEX CONCURRENTLY would
            // wait for that. So it would for that of a stricter isolation.
            try turn.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            let lock = try turn.query("SELECT 1 WHERE pg_try_advisory_xact_lock(\(Schema.lock))")
            // This also lets the server forget the statement before, and with it its snapshot.
            try turn.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            if lock.count > 0 { return turn }
            try turn.execute("ROLLBACK")
            guard try !missing(in: connection).isEmpty else { return nil }
            Thread.sleep(forTimeInterval: Self.pause)
        }
    }

    private func perform(_ migration: Migration, on connection: Connection) throws {
        var work: (Connection) throws -> Void = { _ in }
        switch migration.work {
        case .transaction(let body): work = body
        case .indexes(let indexes):
            guard try connection.query("SELECT FROM number LIMIT 1").count > 0 else {
                work = { try Self.replaceAtOnce(indexes, on: $0) }
                break
            }
            let isAlone = try ownsServerSession(connection)
            for index in indexes {
                try withLockRetries(of: migration) {
                    do {
                        if isAlone { try connection.execute(Self.patience) }
                        defer { if isAlone { try? connection.limitWaits() } }
                        try Self.replaceBesideOthers(index, on: connection)
                    } catch let error as PostgresError where !isAlone && error.sqlState == "57014" {
                        throw PostgresOpeningError.sessionsAreShared(migration: migration.name)
                    }
                }
            }
        }
        try withLockRetries(of: migration) {
            try inTransaction(connection) {
                try work(connection)
                try connection.query("INSERT INTO \(migration.table) VALUES ($1)", [migration.name])
            }
        }
    }

    /// Whether what is set for the connection's session holds for it and for nobody else.
    ///
    /// A proxy in mode `transaction` lends each statement a session of the server: the one that was used
    /// last, or the one that was used least, whoever used it. So two connections soon meet in one,
    /// or one of them is lent another.
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

    /// Does `body` again where it met a lock or a deadlock with somebody else's.
    ///
    /// Who reads for long, such as a backup, is waited for without keeping others waiting.
    private func withLockRetries(
        of migration: Migration, _ body: () throws -> Void
    ) throws {
        let end = ContinuousClock.now + Self.longestWait
        while true {
            do {
                return try body()
            } catch let error as PostgresError where error.isConflict || error.sqlState == "55P03" {
                guard ContinuousClock.now < end else {
                    throw PostgresOpeningError.inUse(migration: migration.name)
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
            try connection.execute("COMMIT", timeout: nil)
        } catch {
            if !connection.isBroken { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    private static func replaceAtOnce(
        _ indexes: [(name: String, columns: String)], on connection: Connection
    ) throws {
        for (name, columns) in indexes {
            try connection.execute(
                "DROP INDEX IF EXISTS \(name); CREATE INDEX \(name) ON number \(columns)")
        }
    }

    /// Makes the new index before it drops the old one, so that pages are found quickly all the while,
    /// and neither readers nor writers wait
    /// (https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY).
    ///
    /// It may be interrupted after each statement, and within, and begun anew.
    private static func replaceBesideOthers(
        _ index: (name: String, columns: String), on connection: Connection
    ) throws {
        let new = index.name + "_new"
        let unfinished = try connection.query(
            "SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid", [new])
        if unfinished.count > 0 {
            try connection.execute("DROP INDEX CONCURRENTLY \(new)", timeout: nil)
        }
        for statement in [
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS \(new) ON number \(index.columns)",
            "DROP INDEX CONCURRENTLY IF EXISTS \(index.name)",
            "ALTER INDEX \(new) RENAME TO \(index.name)",
        ] { try connection.execute(statement, timeout: nil) }
    }
}

extension Connection {
    /// Which of the server's sessions has answered.
    fileprivate func sessionID() throws -> String? {
        try query("SELECT pg_backend_pid()").first { $0.text(0) }
    }
}
