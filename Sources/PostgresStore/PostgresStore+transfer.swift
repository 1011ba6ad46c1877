package import Inventory

extension PostgresStore: TransferableStore {
    package func withSnapshot<Value>(
        _ body: (any InventorySnapshot) throws -> Value
    ) throws -> Value {
        try alone(.snapshot) { try body(PostgresSnapshot(connection: $0)) }
    }

    package func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws {
        try alone(.locking) { connection in
            try connection.execute(
                "LOCK TABLE number, \"user\" IN SHARE ROW EXCLUSIVE MODE", timeout: nil)
            let here = try PostgresSnapshot(connection: connection).size()
            guard here.numbers == 0, here.users == 0 else {
                throw TransferError.notEmpty(numbers: here.numbers, users: here.users)
            }
            let size = try snapshot.size()
            for (user, hash) in try snapshot.users() {
                try connection.query(
                    """
                    INSERT INTO "user" (id, username, role, "passwordHash") VALUES ($1, $2, $3, $4)
                    """,
                    [String(user.id), user.username.description, user.role.rawValue, hash.stored])
            }
            var count = 0
            try snapshot.forEachBatch { numbers in
                try Self.insert(numbers, in: connection)
                count += numbers.count
                progress(count)
            }
            try Self.setLastID(size.lastNumberID, of: "number", in: connection)
            try Self.setLastID(size.lastUserID, of: "user", in: connection)
            let arrived = try PostgresSnapshot(connection: connection).size()
            guard arrived == size else {
                throw TransferError.sizesDiffer(source: size, target: arrived)
            }
        }
    }

    /// One transaction on a connection of its own, on the calling thread, for as long as it takes.
    private func alone<Value>(
        _ isolation: Isolation, _ body: (Connection) throws -> Value
    ) throws -> Value {
        let connection = try Connection(address, Preparation(isOn: false))
        if let beginning = isolation.beginning { try connection.execute(beginning) }
        // Of this transaction alone: the session may be shared, behind a proxy.
        try connection.execute(
            """
            SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
            SET LOCAL idle_in_transaction_session_timeout = 0
            """)
        // Where this ends early, so does the connection, and with it the transaction.
        let value = try body(connection)
        try connection.commit(isolation, timeout: nil)
        return value
    }

    private static func insert(_ numbers: [DIDNumber], in connection: Connection) throws {
        let rows = numbers.map {
            [String($0.id)] + NumberDraft($0).parameters + [String($0.version)]
        }
        try connection.query(
            """
            INSERT INTO number (id, digits, value, "monthyPrice", "setupPrice", currency, version)
            SELECT * FROM unnest(
                $1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[],
                $7::bigint[])
            """, (0..<7).map { column in rows.map { $0[column] }.arrayLiteral }, timeout: nil)
    }

    private static func setLastID(
        _ id: Int64, of table: String, in connection: Connection
    ) throws {
        guard id > 0 else { return }
        try connection.query(
            "SELECT setval(pg_get_serial_sequence($1, 'id'), $2::bigint)",
            ["\"\(table)\"", String(id)])
    }
}

private struct PostgresSnapshot: InventorySnapshot {
    let connection: Connection

    func size() throws -> InventorySize {
        InventorySize(
            numbers: Int(try integer("SELECT count(*) FROM number")),
            users: Int(try integer("SELECT count(*) FROM \"user\"")),
            lastNumberID: try integer(
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM number_id_seq"),
            lastUserID: try integer(
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM user_id_seq"))
    }

    func users() throws -> [(user: User, passwordHash: PasswordHash)] {
        try connection.query(
            "SELECT id, username, role, \"passwordHash\" FROM \"user\" ORDER BY id"
        ).map { (try User(row: $0), PasswordHash(stored: $0.text(3))) }
    }

    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber] {
        try connection.query(
            "SELECT \(NumberQuery.columns) FROM number WHERE id > $1 ORDER BY id LIMIT $2::bigint",
            [String(id), String(limit)], timeout: nil
        ).map(DIDNumber.init(row:))
    }

    private func integer(_ sql: String) throws -> Int64 {
        try connection.query(sql, timeout: nil).first { try $0.integer(0) } ?? 0
    }
}
