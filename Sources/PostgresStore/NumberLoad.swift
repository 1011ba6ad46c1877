internal import Inventory
internal import Storage

/// Very many numbers on their way into the empty inventory, in one transaction.
///
/// They go into a table of their own, which gets its indexes after the rows and then the name of
/// the first one. Rows with all indexes in place take several times as long, and DROP INDEX keeps
/// readers out until the end; so they read the empty table until a last moment.
struct NumberLoad {
    private let connection: Connection
    /// It is nil where the rows have to go into `number` itself, with all indexes and triggers in place.
    private let replacement: ReplacementTable?

    /// The table that takes the rows.
    var target: String { replacement == nil ? "number" : ReplacementTable.name }

    init(_ connection: Connection) throws {
        self.connection = connection
        replacement = try ReplacementTable(connection)
    }

    /// Inserts rows of these columns.
    func insert(_ rows: [[StoredValue]], _ columns: [StoredColumn]) throws {
        // The new table is this transaction's own, so its rows may be written as if they had been
        // there for long, which saves PostgreSQL from writing all of them again later.
        let options = replacement == nil ? "" : "WITH (FREEZE)"
        try connection.copy(
            "COPY \(target) (\(columns.names)) FROM STDIN \(options)", rows.copyText)
    }

    /// Indexes and counts the rows, and lets them be found in `number`.
    ///
    /// Nobody else reads it then until the transaction ends.
    ///
    /// - Throws: A conflict if `number` has rows by then.
    func finish() throws {
        try connection.execute(PostgresStore.analysis, timeout: nil)
        guard let replacement else { return }
        try replacement.index()
        try replacement.replace { try connection.execute(Self.count, timeout: nil) }
    }

    /// What the triggers do for each statement: see ``Schema``.
    private static let count = """
        INSERT INTO number_count
        SELECT currency, 0, count(*) FROM \(ReplacementTable.name) GROUP BY currency
        ON CONFLICT (currency, slot) DO UPDATE SET count = number_count.count + excluded.count
        """
}
