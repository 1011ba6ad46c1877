internal import GRDB

extension SQLiteStore {
    /// Copies the inventory in a file, which stays as it is, into another: its tables may be older.
    ///
    /// Sessions are left out, so a restore makes none valid again.
    ///
    /// https://www.sqlite.org/backup.html, in one step: a step reads one state of the file, while
    /// writers continue in the write-ahead log.
    ///
    /// - Parameter copy: An empty file.
    /// - Throws: ``SQLiteOpeningError``, `NoInventory` and `DatabaseError`.
    package static func backUp(_ path: String, to copy: String) throws {
        try withFile(path) { source, _ in
            let copy = try DatabaseQueue(path: copy)
            try source.backup(to: copy)
            // So the one file is everything, also while it is read.
            try copy.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA journal_mode = DELETE; DELETE FROM session")
            }
            try copy.close()
        }
    }
}
