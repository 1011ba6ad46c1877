internal import Inventory
internal import Storage

/// Its work is SQL.
typealias Migration = SchemaMigration<String>

extension Migration {
    /// The table of those that were done: what programs do not know in `grdb_migrations` keeps them
    /// away, as it always did, and of additions they need not know.
    var table: String { isAdditive ? "schema_addition" : "grdb_migrations" }
}
