/// A step of a schema's history, which runs once on each database.
package struct SchemaMigration<Work: Sendable>: Sendable {
    /// The database stores it, so it never changes.
    package let name: String
    /// Whether older programs still work after it, and write valid rows.
    package let isAdditive: Bool
    package let work: Work

    /// Older programs may not use the database after it.
    package static func breaking(_ name: String, _ work: Work) -> SchemaMigration {
        SchemaMigration(name: name, isAdditive: false, work: work)
    }

    package static func additive(_ name: String, _ work: Work) -> SchemaMigration {
        SchemaMigration(name: name, isAdditive: true, work: work)
    }
}
