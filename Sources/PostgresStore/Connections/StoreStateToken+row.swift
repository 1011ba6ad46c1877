internal import Inventory
internal import Storage

extension StoreStateToken {
    /// What a statement sees, as SQL: which transactions had ended when it began.
    ///
    /// Two statements with the same snapshot see the same rows
    /// (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT), where the
    /// same server numbers its transactions. Another one that takes over gives the same numbers to
    /// others, hence the time of its start; and so may the same one after one of its processes has
    /// crashed, for those that were not on the disk yet, hence the end of its log.
    ///
    /// A standby does not tell which transactions are still under way, so it says nothing.
    static let name = """
        CASE WHEN pg_is_in_recovery() THEN NULL
        ELSE pg_current_snapshot()::text || ' ' || pg_current_wal_insert_lsn()
            || ' ' || extract(epoch FROM pg_postmaster_start_time())
        END
        """

    /// Reads the column that was asked for by ``name``; nil where the server says nothing.
    init?(row: Row, column: Int32) {
        guard !row.isNull(column) else { return nil }
        self.init(row.text(column))
    }
}
