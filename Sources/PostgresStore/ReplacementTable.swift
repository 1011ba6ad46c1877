internal import Foundation
internal import Inventory
internal import Storage

/// A table that is made like `number`, and takes its place.
///
/// What it is made like stands in the database's own catalog, not here, so that it is right after
/// every migration: https://www.postgresql.org/docs/current/catalogs.html.
///
/// Only an empty `number` may be replaced: a transaction whose snapshot is older finds the new
/// table, and in it nothing.
struct ReplacementTable {
    static let name = "number_loading"
    /// How long to wait for transactions that read `number`.
    private static let longestWait = Duration.seconds(60)

    /// A constraint or an index: what makes it, under a name for now, and what gives it its own.
    private struct Index {
        let creation: String
        let renaming: String
    }

    private let connection: Connection
    private let indexes: [Index]
    private let triggers: [String]

    /// Makes the table, without indexes; nil where somebody else's things hang on `number` and
    /// would be lost with it.
    init?(_ connection: Connection) throws {
        guard try connection.query(Self.isOurs).count > 0 else { return nil }
        self.connection = connection
        indexes = try connection.query(Self.constraintsAndIndexes).map { row in
            Index(creation: row.text(0), renaming: row.text(1))
        }
        triggers = try connection.query(
            """
            SELECT pg_get_triggerdef(oid) FROM pg_trigger
            WHERE tgrelid = 'number'::regclass AND NOT tgisinternal
            """
        ).map { $0.text(0) }
        // An id that was deleted is never given again.
        try connection.execute(
            """
            CREATE TABLE \(Self.name) (LIKE number INCLUDING ALL EXCLUDING INDEXES);
            SELECT setval('\(Self.name)_id_seq', last_value, is_called) FROM number_id_seq
            """)
    }

    /// Makes the indexes, and lets PostgreSQL's planner know the rows.
    func index() throws {
        for index in indexes { try connection.execute(index.creation, timeout: nil) }
        try connection.execute("ANALYZE \(Self.name)", timeout: nil)
    }

    /// Becomes `number`.
    ///
    /// Until the transaction ends, nobody reads.
    ///
    /// - Parameter body: Called while no other transaction uses `number`.
    /// - Throws: ``InventoryError/inUse(reason:)`` where somebody reads on for longer than `longestWait`,
    ///   and a conflict if `number` is no longer empty.
    func replace(
        waitingFor longestWait: Duration = longestWait, _ body: () throws -> Void = {}
    ) throws {
        try lockOutReaders(before: .now + longestWait)
        guard try connection.query("SELECT FROM number LIMIT 1").count == 0 else {
            throw PostgresError(
                sqlState: "40001", constraint: nil, description: "numbers were created meanwhile")
        }
        try body()
        // Numbers may have been created and deleted meanwhile.
        try connection.execute(
            """
            SELECT setval(
                '\(Self.name)_id_seq', greatest(new.last_value, old.last_value),
                new.is_called OR old.is_called
            ) FROM \(Self.name)_id_seq AS new, number_id_seq AS old;
            DROP TABLE number;
            ALTER TABLE \(Self.name) RENAME TO number;
            ALTER SEQUENCE \(Self.name)_id_seq RENAME TO number_id_seq
            """, timeout: nil)
        for statement in indexes.map(\.renaming) + triggers {
            try connection.execute(statement, timeout: nil)
        }
    }

    /// Waits until nobody reads `number` any more.
    ///
    /// Who comes meanwhile waits behind us, so we step aside again and again for somebody who reads
    /// for long, such as a backup.
    private func lockOutReaders(before end: ContinuousClock.Instant) throws {
        while true {
            do {
                try connection.execute(
                    """
                    SAVEPOINT before_lock;
                    SET LOCAL lock_timeout = 100;
                    LOCK TABLE number IN ACCESS EXCLUSIVE MODE;
                    SET LOCAL lock_timeout = 0
                    """, timeout: nil)
                return
            } catch let error as PostgresError where error.sqlState == "55P03" {
                try connection.execute(
                    "ROLLBACK TO SAVEPOINT before_lock; RELEASE SAVEPOINT before_lock",
                    timeout: nil)
                guard ContinuousClock.now < end else { throw InventoryError.inUse(reason: error) }
                Thread.sleep(forTimeInterval: 0.5)
            }
        }
    }

    /// One row where nothing is lost with the table: no grant, view, rule, policy, publication,
    /// foreign key or setting but what our migrations made.
    private static let isOurs = """
        SELECT FROM pg_class AS number WHERE oid = 'number'::regclass
        AND relkind = 'r' AND NOT relispartition AND NOT relhassubclass AND NOT relrowsecurity
        AND relacl IS NULL AND reloptions IS NULL AND reltablespace = 0
        AND pg_get_userbyid(relowner) = current_user
        AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
        AND NOT EXISTS (
            SELECT FROM pg_class WHERE oid = 'number_id_seq'::regclass AND relacl IS NOT NULL
        )
        AND NOT EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = number.oid AND attacl IS NOT NULL
        )
        AND NOT EXISTS (
            SELECT FROM pg_depend WHERE (
                (refclassid = 'pg_class'::regclass AND refobjid = number.oid)
                OR (refclassid = 'pg_type'::regclass AND refobjid = number.reltype)
            ) AND (
                classid IN (
                    'pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass,
                    'pg_publication_rel'::regclass
                )
                OR (classid = 'pg_class'::regclass AND deptype = 'n')
                OR (classid = 'pg_constraint'::regclass AND NOT EXISTS (
                    SELECT FROM pg_constraint WHERE oid = objid AND conrelid = number.oid
                ))
            )
        )
        """

    /// What LIKE has left out, in two columns: see ``Index``.
    private static let constraintsAndIndexes = """
        SELECT
            format('ALTER TABLE \(name) ADD CONSTRAINT %I %s', part, definition),
            format('ALTER TABLE number RENAME CONSTRAINT %I TO %I', part, own)
        FROM (
            SELECT '\(name)_constraint_' || row_number() OVER (ORDER BY oid) AS part,
                conname AS own, pg_get_constraintdef(oid) AS definition
            FROM pg_constraint
            WHERE conrelid = 'number'::regclass AND contype IN ('p', 'u', 'x', 'f')
        ) AS constraints
        UNION ALL
        SELECT
            format('CREATE %s INDEX %I ON \(name) %s', kind, part, definition),
            format('ALTER INDEX %I RENAME TO %I', part, own)
        FROM (
            SELECT '\(name)_index_' || row_number() OVER (ORDER BY indexrelid) AS part,
                relname AS own, CASE WHEN indisunique THEN 'UNIQUE' ELSE '' END AS kind,
                substring(pg_get_indexdef(indexrelid) FROM 'USING .*') AS definition
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE indrelid = 'number'::regclass AND NOT EXISTS (
                SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid
            )
        ) AS indexes
        """
}
