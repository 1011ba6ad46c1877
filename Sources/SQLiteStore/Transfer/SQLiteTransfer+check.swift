internal import Foundation
internal import GRDB
package import Inventory
package import Storage

extension SQLiteStore {
    /// Checks the inventory in a file, which stays as it is to the byte; a store brings its schema up
    /// to date instead.
    ///
    /// - Throws: ``SQLiteOpeningError``, and `NoInventory`.
    package static func check(path: String) throws -> InventoryCheck {
        try withFile(path) { reader, migrator in
            try migrator.check(reader)
            return try reader.withTransfer { $0.check() }
        }
    }

    /// Checks the pages and the references of an inventory whose tables may be older.
    ///
    /// - Throws: ``SQLiteOpeningError``, and `NoInventory`.
    package static func checkPages(path: String) throws -> InventoryCheck {
        try withFile(path) { reader, _ in
            try reader.withTransfer { $0.check(CheckSubject.ofEachSchema) }
        }
    }

    /// Calls `body` with a connection to the inventory in a file, which stays as it is.
    ///
    /// - Throws: ``SQLiteOpeningError``, `NoInventory`, and what `body` throws.
    static func withFile<Value>(
        _ path: String, _ body: (DatabaseQueue, Migrator) throws -> Value
    ) throws -> Value {
        guard FileManager.default.fileExists(atPath: path) else { throw NoInventory(at: path) }
        let migrator = Migrator(path: path)
        let reader: DatabaseQueue
        do {
            reader = try connection(path: path, isReadOnly: false)
            try migrator.checkExists(reader)
        } catch let error as DatabaseError {
            throw SQLiteOpeningError(error, path: path)
        }
        defer { try? reader.close() }
        return try body(reader, migrator)
    }
}

extension SQLiteTransfer {
    func errors(in subject: CheckSubject) throws -> IntegrityErrors {
        switch subject {
        case .storage: try storageErrors()
        case .references: try referenceErrors()
        case .counts:
            try errors(Self.counts) { .count(currency: $0[1], kept: $0[2], found: $0[3]) }
        case .search: try searchErrors()
        case .values: IntegrityErrors()
        case .history: try errors(Self.history) { .history(number: $0[1], change: $0[2]) }
        case .changes:
            try errors(Self.changes) { .change(id: $0[1], kept: $0[2], found: $0[3]) }
        }
    }

    /// - Parameter sql: Its first column is how many rows there are in all.
    private func errors(_ sql: String, _ error: (Row) -> IntegrityError) throws -> IntegrityErrors {
        let rows = try Row.fetchAll(db, sql: sql + " LIMIT \(IntegrityErrors.most)")
        return IntegrityErrors(total: rows.first?[0] ?? 0, first: rows.map(error))
    }

    // https://www.sqlite.org/pragma.html#pragma_integrity_check
    private func storageErrors() throws -> IntegrityErrors {
        let lines = try String.fetchAll(db, sql: "PRAGMA integrity_check(\(IntegrityErrors.most))")
        guard lines != ["ok"] else { return IntegrityErrors() }
        return IntegrityErrors(total: lines.count, first: lines.map { .storage($0) })
    }

    // https://www.sqlite.org/pragma.html#pragma_foreign_key_check
    private func referenceErrors() throws -> IntegrityErrors {
        try errors(
            """
            SELECT count(*) OVER (), "table", parent, count(*) FROM pragma_foreign_key_check
            GROUP BY "table", parent ORDER BY "table", parent
            """
        ) { .references(table: $0[1], parent: $0[2], count: $0[3]) }
    }

    /// Reads the whole index, by https://www.sqlite.org/fts5.html#the_fts5vocab_virtual_table_module.
    ///
    /// FTS5's own 'integrity-check' is an INSERT: nobody could write for as long as it takes.
    private func searchErrors() throws -> IntegrityErrors {
        try db.execute(
            sql: """
                CREATE VIRTUAL TABLE temp.search_entry
                USING fts5vocab('main', 'number_search', 'instance')
                """)
        let entries = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*), coalesce(sum(
                    term = (SELECT substr(digits, "offset" + 1, 3) FROM number WHERE id = doc)
                ), 0) FROM search_entry
                """)
        let due =
            try Int64.fetchOne(db, sql: "SELECT coalesce(sum(length(digits) - 2), 0) FROM number")
            ?? 0
        let (total, right): (Int64, Int64) = (entries?[0] ?? 0, entries?[1] ?? 0)
        guard total != right || right != due else { return IntegrityErrors() }
        return IntegrityErrors(
            total: 1, first: [.search(wrong: total - right, missing: due - right)])
    }

    private static let counts = """
        SELECT count(*) OVER (), currency, kept, found FROM (
            SELECT currency, sum(kept) AS kept, sum(found) AS found FROM (
                SELECT currency, count AS kept, 0 AS found FROM number_count
                UNION ALL SELECT currency, 0, count(*) FROM number GROUP BY currency
            ) GROUP BY currency
        ) WHERE kept <> found ORDER BY currency
        """

    // A number that is at a later version was changed by a program that keeps no history.
    private static let history = """
        SELECT count(*) OVER (), number.id, noted.change FROM number
        JOIN change_number AS noted ON noted.number = number.id AND noted.change = (
            SELECT max(change) FROM change_number AS latest WHERE latest.number = number.id
        )
        WHERE noted.after_digits IS NULL OR number.version < noted.version
            OR number.version = noted.version
                AND (\(NumberContent.columns.names(of: "number")))
                    IS NOT (\(ChangedNumber.columnsAfter.names(of: "noted")))
        ORDER BY number.id
        """

    private static let changes = """
        SELECT count(*) OVER (), id, count, found FROM (
            SELECT id, count, (
                SELECT count(*) FROM change_number WHERE change_number.change = change.id
            ) AS found FROM change
        ) WHERE found <> count ORDER BY id
        """
}
