internal import Inventory
internal import Storage

typealias Migration = SchemaMigration<MigrationWork>

enum MigrationWork: Sendable {
    /// All of it or nothing. Statements that lock others out do so for a moment: what takes long is no
    /// work for a transaction.
    case transaction(@Sendable (Connection) throws -> Void)
    /// Indexes of `number` that are made anew, by what they are called and what they index.
    case indexes([(name: String, columns: String)])
}

extension Migration {
    /// The table of those that were done: what programs do not know in `schema_migration` keeps them
    /// away, as it always did, and of additions they need not know.
    var table: String { isAdditive ? "schema_addition" : "schema_migration" }
}
