internal import Inventory
internal import Migrations

/// A step of a schema's history, which runs once on each database.
package struct Migration: Sendable {
    fileprivate enum Kind {
        /// Older programs must not use the database afterwards.
        case breaking
        /// Older programs still work afterwards, and write valid rows.
        case additive
        /// Removes what makes older programs fast, so it runs after the last of them has stopped.
        case final
    }

    /// Databases store the names of their migrations, so never rename one.
    package let name: String
    fileprivate let kind: Kind
    /// The statements of one transaction. They must not block other transactions for long.
    package let sql: String
    /// Whether each line is `CREATE INDEX name ON table columns;` or `DROP INDEX IF EXISTS name;`.
    /// PostgreSQL builds a new index beside the old one, so that readers and writers continue.
    package let isOfIndexes: Bool

    package static func breaking(
        _ name: String, _ sql: String, isOfIndexes: Bool = false
    ) -> Migration {
        Migration(name: name, kind: .breaking, sql: sql, isOfIndexes: isOfIndexes)
    }

    package static func additive(
        _ name: String, _ sql: String, isOfIndexes: Bool = false
    ) -> Migration {
        Migration(name: name, kind: .additive, sql: sql, isOfIndexes: isOfIndexes)
    }

    package static func final(
        _ name: String, _ sql: String, isOfIndexes: Bool = false
    ) -> Migration {
        Migration(name: name, kind: .final, sql: sql, isOfIndexes: isOfIndexes)
    }

    package static func sql(_ file: String) -> String {
        guard let sql = migrationSQL(file) else {
            preconditionFailure("Migrations.c does not embed \(file).sql")
        }
        return String(cString: sql)
    }
}

/// Is called with the name of each migration that has run, and of each that waits for
/// `carrier migrate --finish`.
package typealias MigrationReport = @Sendable (_ name: String, _ isDone: Bool) -> Void

package struct MissingMigrations {
    /// The migrations to run now.
    package let due: [Migration]
    /// The final migrations, which an operator will run.
    package let waiting: [Migration]
    /// Whether the database has no tables yet. Then no older program uses it, so all are due.
    package let areAll: Bool

    package func report(to report: MigrationReport) {
        for migration in waiting { report(migration.name, false) }
    }
}

/// Programs reject a database if its `migrationTable` has a name that they do not know. The others
/// must not stop older programs, so another table lists them.
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
            "INSERT INTO \(Self.tables[migration.kind == .breaking ? 0 : 1]) VALUES ($1)",
            [.text(migration.name)])
    }

    /// - Parameter creates: If false, a database with none of the migrations is an error.
    /// - Parameter finishes: Whether final migrations are due.
    /// - Throws: ``OpeningError/newerSchema(place:)`` if the database has a breaking migration that
    ///   is not in `migrations`, and `NoInventory`.
    package func missing(
        of migrations: [Migration], at place: String, creates: Bool, finishes: Bool
    ) throws -> MissingMigrations {
        let (breaking, others) = (try names(in: Self.tables[0]), try names(in: Self.tables[1]))
        guard breaking.isSubset(of: migrations.map(\.name)) else {
            throw OpeningError.newerSchema(place: place)
        }
        let done = breaking.union(others)
        let missing = migrations.filter { !done.contains($0.name) }
        let areAll = missing.count == migrations.count
        guard creates || !areAll else { throw NoInventory(at: place) }
        let waiting = finishes || areAll ? [] : missing.filter { $0.kind == .final }
        return MissingMigrations(
            due: waiting.isEmpty ? missing : missing.filter { $0.kind != .final },
            waiting: waiting, areAll: areAll)
    }

    private func names(in table: String) throws -> Set<String> {
        guard try hasTable(table) else { return [] }
        return Set(try rows("SELECT \(Self.migrationTable.column) FROM \(table)") { try $0.text() })
    }
}
