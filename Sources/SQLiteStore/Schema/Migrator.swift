internal import CSQLite
internal import Inventory
internal import Storage

struct Migrator: Sendable {
    /// How long to wait for another program, which may be migrating too.
    private static let busyTimeout = Duration.seconds(60)

    let path: String
    var migrations = Schema.migrations
    /// Whether to run final migrations in an existing inventory.
    var finishes = false
    /// Called after all migrations are committed.
    var onMigration: MigrationReport = { _, _ in }

    /// Runs all missing migrations in one transaction.
    func migrate(_ connection: SharedConnection) throws {
        var missing = try connection.read { try self.missing(in: $0) }
        if !missing.due.isEmpty {
            missing = try connection.use { db in
                // A migration may replace a table that others reference: see step 1 of
                // https://www.sqlite.org/lang_altertable.html#otheralter.
                try db.runScript("PRAGMA foreign_keys = OFF")
                defer { try? db.runScript("PRAGMA foreign_keys = ON") }
                return try db.withBusyTimeout(Self.busyTimeout) {
                    try db.write(runMissing)
                }
            }
            for migration in missing.due { onMigration(migration.name, true) }
        }
        missing.report(to: onMigration)
    }

    private func runMissing(in db: SQLiteConnection) throws -> MissingMigrations {
        try db.createMigrationTables()
        let missing = try self.missing(in: db)
        for migration in missing.due {
            try db.runScript(migration.sql)
            try db.record(migration)
        }
        guard try db.rows("PRAGMA foreign_key_check", isCached: false, as: { _ in }).isEmpty else {
            throw SQLiteError(csqlite_constraint_foreign_key)
        }
        return missing
    }

    func check(_ connection: SharedConnection) throws {
        let missing = try checkExists(connection)
        guard missing.due.isEmpty else { throw OpeningError.olderSchema(place: path) }
        missing.report(to: onMigration)
    }

    /// Returns the missing migrations, or throws `NoInventory` if all are missing.
    @discardableResult
    func checkExists(_ connection: SharedConnection) throws -> MissingMigrations {
        try connection.read { try missing(in: $0, creates: false) }
    }

    private func missing(
        in db: SQLiteConnection, creates: Bool = true
    ) throws -> MissingMigrations {
        try db.missing(of: migrations, at: path, creates: creates, finishes: finishes)
    }
}
