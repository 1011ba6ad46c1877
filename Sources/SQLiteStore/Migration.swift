/// One step of the schema's history, which each file goes through once.
struct Migration: Sendable {
    /// It stands in the file, so it stays what it is.
    let name: String
    /// Whether programs that do not know it work on as before, and what they write is right for those
    /// that do.
    let isAddition: Bool
    let sql: String

    /// After it, only programs that know it may use the file.
    static func demand(_ name: String, _ sql: String) -> Migration {
        Migration(name: name, isAddition: false, sql: sql)
    }

    static func addition(_ name: String, _ sql: String) -> Migration {
        Migration(name: name, isAddition: true, sql: sql)
    }

    /// The table of those that were done: what programs do not know in `grdb_migrations` keeps them
    /// away, as it always did, and of additions they need not know.
    var table: String { isAddition ? "schema_addition" : "grdb_migrations" }
}
