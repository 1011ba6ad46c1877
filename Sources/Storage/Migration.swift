internal import Inventory
internal import Migrations

/// A step of a schema's history, which runs once on each database.
package struct Migration: Sendable {
    /// Databases store the names of their migrations, so never rename one.
    package let name: String
    /// Whether older programs still work after the migration, and write valid rows.
    package let isAdditive: Bool
    /// The statements of one transaction. They must not block other transactions for long.
    package let sql: String
    /// Whether each line is `CREATE INDEX name ON table columns;`. PostgreSQL builds such an index
    /// beside the old one, so that readers and writers continue.
    package let isOfIndexes: Bool

    package static func breaking(
        _ name: String, _ sql: String, isOfIndexes: Bool = false
    ) -> Migration {
        Migration(name: name, isAdditive: false, sql: sql, isOfIndexes: isOfIndexes)
    }

    package static func additive(
        _ name: String, _ sql: String, isOfIndexes: Bool = false
    ) -> Migration {
        Migration(name: name, isAdditive: true, sql: sql, isOfIndexes: isOfIndexes)
    }

    package static func sql(_ file: String) -> String {
        guard let sql = migrationSQL(file) else {
            preconditionFailure("Migrations.c does not embed \(file).sql")
        }
        return String(cString: sql)
    }
}

/// Programs reject a database if its `migrationTable` has a name that they do not know. Additive
/// migrations must not stop older programs, so another table lists them.
extension SQLTransaction {
    private static var tables: [String] { [migrationTable.name, "schema_addition"] }

    package func createMigrationTables() throws {
        for table in Self.tables {
            try change(
                """
                CREATE TABLE IF NOT EXISTS \(table) (
                    \(Self.migrationTable.column) TEXT NOT NULL PRIMARY KEY
                )
                """, [])
        }
    }

    package func record(_ migration: Migration) throws {
        try change(
            "INSERT INTO \(Self.tables[migration.isAdditive ? 1 : 0]) VALUES ($1)",
            [.text(migration.name)])
    }

    /// - Parameter creates: If false, a database with none of the migrations is an error.
    /// - Throws: ``OpeningError/newerSchema(place:)`` if the database has a breaking migration that
    ///   is not in `migrations`, and `NoInventory`.
    package func missing(
        of migrations: [Migration], at place: String, creates: Bool
    ) throws -> [Migration] {
        let (breaking, additive) = (try names(in: Self.tables[0]), try names(in: Self.tables[1]))
        guard breaking.isSubset(of: migrations.map(\.name)) else {
            throw OpeningError.newerSchema(place: place)
        }
        let done = breaking.union(additive)
        let missing = migrations.filter { !done.contains($0.name) }
        guard creates || missing.count < migrations.count else { throw NoInventory(at: place) }
        return missing
    }

    private func names(in table: String) throws -> Set<String> {
        guard try hasTable(table) else { return [] }
        return Set(try rows("SELECT \(Self.migrationTable.column) FROM \(table)") { try $0.text() })
    }
}
