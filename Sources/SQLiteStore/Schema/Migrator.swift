internal import GRDB
internal import Inventory
internal import Storage

/// Does the migrations that a file has not been through.
///
/// Not GRDB's own `DatabaseMigrator`, for which each migration that it does not know is a reason to
/// refuse a file. What that wrote is read, and written alike.
struct Migrator: Sendable {
    /// How long another program that writes is waited for: it may be migrating too.
    private static let busyTimeout = Duration.seconds(60)

    let path: String
    var migrations = Schema.migrations
    /// Is told the name of each migration after all are done.
    var onMigration: @Sendable (String) -> Void = { _ in }

    /// All of them, or none.
    ///
    /// - Throws: ``SQLiteOpeningError/newerSchema(path:)`` and `DatabaseError`.
    func migrate(_ database: any DatabaseWriter) throws {
        guard try !database.read(missing).isEmpty else { return }
        let done = try database.barrierWriteWithoutTransaction { db in
            let shorter = try Int.fetchOne(db, sql: "PRAGMA busy_timeout") ?? 0
            let longer = Int(Self.busyTimeout / .milliseconds(1))
            try db.execute(sql: "PRAGMA busy_timeout = \(longer)")
            // A table that others refer to may have to be made anew: see step 1 of
            // https://www.sqlite.org/lang_altertable.html#otheralter
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            defer {
                try? db.execute(
                    sql: "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = \(shorter)")
            }
            var done: [Migration] = []
            try db.inTransaction(.immediate) {
                done = try perform(in: db)
                return .commit
            }
            return done
        }
        for migration in done { onMigration(migration.name) }
    }

    private func perform(in db: Database) throws -> [Migration] {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
                CREATE TABLE IF NOT EXISTS schema_addition (identifier TEXT NOT NULL PRIMARY KEY)
                """)
        let missing = try missing(in: db)
        for migration in missing {
            try db.execute(sql: migration.work)
            try db.execute(
                sql: "INSERT INTO \(migration.table) VALUES (?)", arguments: [migration.name])
        }
        try db.checkForeignKeys()
        return missing
    }

    /// - Throws: ``SQLiteOpeningError/olderSchema(path:)`` where a migration is missing, and what
    ///   ``checkExists(_:)`` throws.
    func check(_ database: any DatabaseReader) throws {
        guard try checkExists(database).isEmpty else {
            throw SQLiteOpeningError.olderSchema(path: path)
        }
    }

    /// Returns the migrations that are missing.
    ///
    /// - Throws: `NoInventory` if all are, and what ``migrate(_:)`` throws.
    @discardableResult
    func checkExists(_ database: any DatabaseReader) throws -> [Migration] {
        let missing = try database.read(missing)
        guard missing.count < migrations.count else { throw NoInventory(at: path) }
        return missing
    }

    /// - Throws: ``SQLiteOpeningError/newerSchema(path:)`` where the file demands a migration that this
    ///   program does not know.
    @Sendable private func missing(in db: Database) throws -> [Migration] {
        let demands = try names(in: "grdb_migrations", db)
        guard demands.isSubset(of: migrations.map(\.name)) else {
            throw SQLiteOpeningError.newerSchema(path: path)
        }
        let done = try demands.union(names(in: "schema_addition", db))
        return migrations.filter { !done.contains($0.name) }
    }

    private func names(in table: String, _ db: Database) throws -> Set<String> {
        guard try db.tableExists(table) else { return [] }
        return try String.fetchSet(db, sql: "SELECT identifier FROM \(table)")
    }
}
