internal import GRDB
package import Inventory

extension SQLiteStore: TransferableStore {
    package func withSnapshot<Value>(
        _ body: (any InventorySnapshot) throws -> Value
    ) throws -> Value {
        try database.read { try body(SQLiteSnapshot(db: $0)) }
    }

    package func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws {
        try database.write { db in
            let here = try SQLiteSnapshot(db: db).size()
            guard here.numbers == 0, here.users == 0 else {
                throw TransferError.notEmpty(numbers: here.numbers, users: here.users)
            }
            let size = try snapshot.size()
            for (user, hash) in try snapshot.users() {
                try db.execute(
                    sql: "INSERT INTO user (id, username, role, passwordHash) VALUES (?, ?, ?, ?)",
                    arguments: [
                        user.id, user.username.description, user.role.rawValue, hash.stored,
                    ])
            }
            var count = 0
            try snapshot.forEachBatch { numbers in
                for number in numbers { try number.insert(db) }
                count += numbers.count
                progress(count)
            }
            try Self.setLastID(size.lastNumberID, of: NumberTable.name, in: db)
            try Self.setLastID(size.lastUserID, of: UserTable.name, in: db)
            let arrived = try SQLiteSnapshot(db: db).size()
            guard arrived == size else {
                throw TransferError.sizesDiffer(source: size, target: arrived)
            }
        }
    }

    // https://www.sqlite.org/autoinc.html
    private static func setLastID(_ id: Int64, of table: String, in db: Database) throws {
        try db.execute(sql: "DELETE FROM sqlite_sequence WHERE name = ?", arguments: [table])
        guard id > 0 else { return }
        try db.execute(
            sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", arguments: [table, id])
    }
}

private struct SQLiteSnapshot: InventorySnapshot {
    let db: Database

    func size() throws -> InventorySize {
        InventorySize(
            numbers: try DIDNumber.fetchCount(db), users: try User.fetchCount(db),
            lastNumberID: try lastID(of: NumberTable.name),
            lastUserID: try lastID(of: UserTable.name))
    }

    func users() throws -> [(user: User, passwordHash: PasswordHash)] {
        let sql = "SELECT id, username, role, passwordHash FROM user ORDER BY id"
        return try Row.fetchAll(db, sql: sql).map { row in
            (try User(row: row), PasswordHash(stored: row[3]))
        }
    }

    func numbers(after id: Int64, limit: Int) throws -> [DIDNumber] {
        try DIDNumber.filter(NumberTable.id > id).order(NumberTable.id).limit(limit).fetchAll(db)
    }

    private func lastID(of table: String) throws -> Int64 {
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        return try Int64.fetchOne(db, sql: sql, arguments: [table]) ?? 0
    }
}
