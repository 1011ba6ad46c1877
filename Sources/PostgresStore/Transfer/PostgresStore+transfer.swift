package import Inventory
package import Storage

extension PostgresStore: TransferableStore {
    package func withSnapshot<Value>(
        _ body: (any InventorySnapshot) throws -> Value
    ) throws -> Value {
        try alone(.snapshot) { try body(PostgresTransfer(connection: $0)) }
    }

    package func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws {
        try alone(.lockingForLong) { connection in
            try connection.execute(
                "LOCK TABLE number, \"user\" IN SHARE ROW EXCLUSIVE MODE", timeout: nil)
            try PostgresTransfer(connection: connection).fill(from: snapshot, progress: progress)
            try connection.execute(Self.analysis, timeout: nil)
        }
    }

    package func loadNumbers(
        besideAtMost mostPresent: Int, _ next: (_ count: Int) throws -> [NumberContent]
    ) throws -> Int {
        try alone(.lockingForLong) { connection in
            try connection.execute(
                "LOCK TABLE number IN SHARE ROW EXCLUSIVE MODE", timeout: nil)
            let present = try NumberQuery().count(in: connection)
            guard present == 0 else { throw InventoryNotEmpty(count: present) }
            var count = 0
            let indexes = try DeferredIndexes(of: connection)
            while case let contents = try next(count), !contents.isEmpty {
                try connection.copy(
                    contents.map(\.storedValues), NumberContent.columns, into: "number")
                count += contents.count
            }
            try indexes.build()
            return count
        }
    }

    /// Updates the statistics from which PostgreSQL plans statements, after many rows were written.
    static let analysis = "ANALYZE (SKIP_LOCKED) number, change, change_number"

    /// One transaction on a connection of its own, on the calling thread, for as long as it takes.
    func alone<Value>(
        _ isolation: Isolation, _ body: (Connection) throws -> Value
    ) throws -> Value {
        let connection = try Connection(address, Preparation(isOn: false))
        if let beginning = isolation.beginning { try connection.execute(beginning) }
        // Only this transaction has no limits: behind a proxy, the session may be shared.
        try connection.execute(
            """
            SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
            SET LOCAL idle_in_transaction_session_timeout = 0
            """)
        // Where this ends early, so does the connection, and with it the transaction.
        let value = try body(connection)
        try connection.commit(isolation)
        return value
    }
}

/// A whole inventory in one transaction, from which or to which it moves.
struct PostgresTransfer: InventorySnapshot, TransferTarget {
    let connection: Connection

    func size() throws -> InventorySize {
        InventorySize(
            numbers: try count(of: "number"), users: try count(of: "user"),
            changes: try count(of: "change"), changedNumbers: try count(of: "change_number"),
            lastIDs: InventorySize.LastIDs(
                number: try lastID(of: "number"), user: try lastID(of: "user"),
                change: try lastID(of: "change")))
    }

    private func count(of table: String) throws -> Int {
        Int(try integer("SELECT count(*) FROM \"\(table)\""))
    }

    private func lastID(of table: String) throws -> Int64 {
        try integer("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM \(table)_id_seq")
    }

    func users() throws -> [(user: User, passwordHash: PasswordHash)] {
        try connection.query(
            "SELECT id, username, role, \"passwordHash\" FROM \"user\" ORDER BY id"
        ).map { (try User(row: $0), PasswordHash(stored: $0.text(3))) }
    }

    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber] {
        try connection.query(
            """
            SELECT \(DIDNumber.columnNames) FROM number WHERE id > $1 ORDER BY id LIMIT $2::bigint
            """, [String(id), String(limit)], timeout: nil
        ).map(DIDNumber.init(row:))
    }

    func insert(_ user: User, _ hash: PasswordHash) throws {
        try connection.query(
            "INSERT INTO \"user\" (id, username, role, \"passwordHash\") VALUES ($1, $2, $3, $4)",
            [String(user.id), user.username.description, user.role.rawValue, hash.stored])
    }

    func load(_ body: (_ insert: ([DIDNumber]) throws -> Void) throws -> Void) throws {
        let indexes = try DeferredIndexes(of: connection)
        try body { try connection.copy($0.map(\.storedValues), DIDNumber.columns, into: "number") }
        try indexes.build()
    }

    func changes(after id: Int64, limit: Int) throws -> [ChangeRecord] {
        try connection.query(
            """
            SELECT \(ChangeRecord.columns.names) FROM change WHERE id > $1 ORDER BY id
            LIMIT $2::bigint
            """, [String(id), String(limit)], timeout: nil
        ).map(ChangeRecord.init(row:))
    }

    func notes(after last: ChangeEntry.Key, limit: Int) throws -> [ChangeEntry] {
        try connection.query(
            """
            SELECT \(ChangeEntry.columns.names) FROM change_number WHERE (change, number) > ($1, $2)
            ORDER BY change, number LIMIT $3::bigint
            """, [String(last.change), String(last.number), String(limit)], timeout: nil
        ).map(ChangeEntry.init(row:))
    }

    func insert(_ changes: [ChangeRecord]) throws {
        try PostgresChangeTransaction(connection: connection).insert(changes)
    }

    func insert(_ notes: [ChangeEntry]) throws {
        try PostgresChangeTransaction(connection: connection).insert(notes)
    }

    func setLastIDs(_ ids: InventorySize.LastIDs) throws {
        try setLastID(ids.number, of: "number")
        try setLastID(ids.user, of: "user")
        try setLastID(ids.change, of: "change")
    }

    private func setLastID(_ id: Int64, of table: String) throws {
        guard id > 0 else { return }
        try connection.query(
            "SELECT setval(pg_get_serial_sequence($1, 'id'), $2::bigint)",
            ["\"\(table)\"", String(id)])
    }

    private func integer(_ sql: String) throws -> Int64 {
        try connection.query(sql, timeout: nil).first { try $0.integer(0) } ?? 0
    }
}
