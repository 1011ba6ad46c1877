/// One step of a schema's history, which each database goes through once.
///
/// `Work` is how a store writes down what is done.
package struct SchemaMigration<Work: Sendable>: Sendable {
    /// It stands in the database, so it stays what it is.
    package let name: String
    /// Whether programs that do not know it work on as before, and what they write is right for those
    /// that do.
    package let isAdditive: Bool
    package let work: Work

    /// After it, only programs that know it may use the database.
    package static func breaking(_ name: String, _ work: Work) -> SchemaMigration {
        SchemaMigration(name: name, isAdditive: false, work: work)
    }

    package static func additive(_ name: String, _ work: Work) -> SchemaMigration {
        SchemaMigration(name: name, isAdditive: true, work: work)
    }
}
