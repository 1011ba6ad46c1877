/// One step of the schema's history, which each database goes through once.
struct Migration: Sendable {
    enum Work: Sendable {
        /// All of it or nothing. Statements that lock others out do so for a moment: what takes long
        /// is no work for a transaction.
        case transaction(@Sendable (Connection) throws -> Void)
        /// Indexes of `number` that are made anew, by what they are called and what they index.
        case indexes([(name: String, columns: String)])
    }

    /// It stands in the database, so it stays what it is.
    let name: String
    /// Whether programs that do not know it work on as before, and what they write is right for those
    /// that do.
    let isAddition: Bool
    let work: Work

    /// After it, only programs that know it may use the database.
    static func demand(_ name: String, _ work: Work) -> Migration {
        Migration(name: name, isAddition: false, work: work)
    }

    static func addition(_ name: String, _ work: Work) -> Migration {
        Migration(name: name, isAddition: true, work: work)
    }

    /// The table of those that were done: what programs do not know in `schema_migration` keeps them
    /// away, as it always did, and of additions they need not know.
    var table: String { isAddition ? "schema_addition" : "schema_migration" }
}
