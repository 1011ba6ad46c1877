internal import Inventory

extension InventoryState {
    /// What a statement sees, as SQL: which transactions had ended when it began, and which server
    /// says so, since another one that takes over may give the same numbers to others.
    ///
    /// Two statements with the same snapshot see the same rows
    /// (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT). A standby
    /// does not tell which transactions are still under way, so it says nothing.
    static let name = """
        CASE WHEN pg_is_in_recovery() THEN NULL
        ELSE pg_current_snapshot()::text || ' ' || extract(epoch FROM pg_postmaster_start_time())
        END
        """

    /// Reads the column that was asked for by ``name``; nil where the server says nothing.
    init?(row: Row, column: Int32 = 0) {
        guard !row.isNull(column) else { return nil }
        self.init(row.text(column))
    }
}
