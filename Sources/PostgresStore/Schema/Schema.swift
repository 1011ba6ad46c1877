internal import Inventory
internal import PostgresMigrations
internal import Storage

typealias Migration = SchemaMigration<MigrationWork>

enum MigrationWork: Sendable {
    /// Statements of one transaction. They may block other transactions for a moment only.
    case statements(String)
    /// `CREATE INDEX name ON number columns`, one a line: the indexes are built beside the old ones.
    case indexes(String)
}

/// The tables, and the migrations that create them: one file of `Migrations` each.
///
/// A released migration is never edited.
enum Schema {
    static let tables = [
        "number", "number_count", "\"user\"", "session", "change", "change_number",
        "idempotency_key",
    ]

    /// Our name among the advisory locks of the database: "carrier" in ASCII.
    static let lock: Int64 = 0x63_6172_7269_6572

    static let migrations: [Migration] = [
        .breaking("numbers", .statements(sql("01-numbers"))),
        .breaking("accounts", .statements(sql("02-accounts"))),
        .breaking("ids in all indexes", .indexes(sql("03-ids-in-all-indexes"))),
        .additive("changes", .statements(sql("04-changes"))),
        .additive("when sessions began", .statements(sql("05-when-sessions-began"))),
        .additive("idempotency keys", .statements(sql("06-idempotency-keys"))),
        .additive("counts of large changes", .statements(sql("07-counts-of-large-changes"))),
    ]

    /// The content of a file in `Migrations`, which `PostgresMigrations.c` embeds.
    private static func sql(_ file: String) -> String {
        guard let sql = postgresMigration(file) else {
            preconditionFailure("PostgresMigrations.c does not embed \(file).sql")
        }
        return String(cString: sql)
    }
}

extension Migration {
    /// The table that lists the migrations that are done.
    ///
    /// A program may not use a database whose `schema_migration` has a name that it does not know.
    var table: String { isAdditive ? "schema_addition" : "schema_migration" }
}
