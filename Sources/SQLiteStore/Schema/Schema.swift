internal import Inventory
internal import SQLiteMigrations
internal import Storage

/// A migration, whose work is SQL.
typealias Migration = SchemaMigration<String>

extension Migration {
    /// The table that records the migration.
    ///
    /// A program refuses a file whose `grdb_migrations` has a name that it does not know. So additive migrations have
    /// another table. Programs up to 1.0 used GRDB, which named its table.
    var table: String { isAdditive ? "schema_addition" : "grdb_migrations" }
}

/// The tables and their migrations.
enum Schema {
    static let tables = [
        "number", "number_count", "user", "session", "change", "change_number",
        "idempotency_key",
    ]

    /// Never edit a released migration.
    static let migrations: [Migration] = [
        .breaking("numbers", sql("01-numbers")),
        .breaking("accounts", sql("02-accounts")),
        .additive("searches merge in steps", sql("03-search-merges")),
        .additive("changes", sql("04-changes")),
        .additive("kinds of changes are compared one by one", sql("05-change-kinds")),
        .additive("when sessions began", sql("06-session-start")),
        .additive("idempotency keys", sql("07-idempotency-keys")),
    ]

    /// The content of a file in `Migrations`, which `SQLiteMigrations.c` embeds.
    private static func sql(_ file: String) -> String {
        guard let sql = sqliteMigration(file) else {
            preconditionFailure("SQLiteMigrations.c does not embed \(file).sql")
        }
        return String(cString: sql)
    }
}
