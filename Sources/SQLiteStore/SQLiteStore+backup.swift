internal import GRDB

extension SQLiteStore {
    /// https://www.sqlite.org/backup.html, in one step: a step reads one state of the file, while
    /// those who write to it go on in the write-ahead log.
    package func backUp(to path: String) throws {
        try file?.checkIsSame()
        let copy = try DatabaseQueue(path: path)
        try exporter().backup(to: copy)
        // So the one file is everything, also while it is read.
        try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try copy.close()
    }
}
