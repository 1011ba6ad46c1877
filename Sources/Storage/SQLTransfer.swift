package import Inventory

/// A whole inventory in one transaction, which is read, or filled from another one.
package protocol SQLTransfer: InventorySnapshot, TransferTarget {
    associatedtype Transaction: SQLTransaction

    var transaction: Transaction { get }
    func lastID(of table: String) throws -> Int64
    func setLastID(_ id: Int64, of table: String) throws
}

extension SQLTransfer {
    package func size() throws -> InventorySize {
        InventorySize(
            numbers: try count(of: "number"), users: try count(of: "user"),
            changes: try count(of: "change"), changedNumbers: try count(of: "change_number"),
            lastIDs: InventorySize.LastIDs(
                number: try lastID(of: "number"), user: try lastID(of: "user"),
                change: try lastID(of: "change")))
    }

    private func count(of table: String) throws -> Int {
        try transaction.count("SELECT count(*) FROM \"\(table)\"")
    }

    package func users() throws -> [(user: User, passwordHash: PasswordHash)] {
        try transaction.rows(
            "SELECT id, username, role, \"passwordHash\" FROM \"user\" ORDER BY id"
        ) { (try User(from: &$0), PasswordHash(stored: try $0.text())) }
    }

    package func numbers(after id: Int64, limit: Int) throws -> [DIDNumber] {
        try transaction.rows(
            "SELECT \(DIDNumber.columns.names) FROM number WHERE id > $1 ORDER BY id LIMIT $2",
            [.integer(id), .integer(Int64(limit))], as: DIDNumber.init)
    }

    package func changes(after id: Int64, limit: Int) throws -> [Change] {
        try transaction.rows(
            "SELECT \(Change.columns.names) FROM change WHERE id > $1 ORDER BY id LIMIT $2",
            [.integer(id), .integer(Int64(limit))], as: Change.init)
    }

    package func notes(after last: ChangeEntry.Key, limit: Int) throws -> [ChangeEntry] {
        try transaction.rows(
            """
            SELECT \(ChangeEntry.columns.names) FROM change_number WHERE (change, number) > ($1, $2)
            ORDER BY change, number LIMIT $3
            """, [.integer(last.change), .integer(last.number), .integer(Int64(limit))],
            as: ChangeEntry.init)
    }

    package func insert(_ user: User, _ hash: PasswordHash) throws {
        try transaction.change(
            "INSERT INTO \"user\" (id, username, role, \"passwordHash\") VALUES ($1, $2, $3, $4)",
            [
                .integer(user.id), .text(user.username.description), .text(user.role.rawValue),
                .text(hash.stored),
            ])
    }

    package func setLastIDs(_ ids: InventorySize.LastIDs) throws {
        try setLastID(ids.number, of: "number")
        try setLastID(ids.user, of: "user")
        try setLastID(ids.change, of: "change")
    }
}
