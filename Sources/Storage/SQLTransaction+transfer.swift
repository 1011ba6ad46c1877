package import Inventory

extension SQLTransaction {
    package func size() throws -> InventorySize {
        InventorySize(
            numbers: try count(of: "number"), users: try count(of: "user"),
            changes: try count(of: "change"), changedNumbers: try count(of: "change_number"),
            lastIDs: try InventorySize.tablesWithIDs.map(lastID))
    }

    private func count(of table: String) throws -> Int {
        try count("SELECT count(*) FROM \"\(table)\"")
    }

    package func users() throws -> [(user: User, passwordHash: PasswordHash)] {
        try rows("SELECT id, username, role, \"passwordHash\" FROM \"user\" ORDER BY id") {
            (try User(from: &$0), PasswordHash(stored: try $0.text()))
        }
    }

    package func numbers(after id: Int64, limit: Int) throws -> [DIDNumber] {
        try rows(
            DIDNumber.selection + " WHERE id > $1 ORDER BY id LIMIT $2",
            [.integer(id), .integer(Int64(limit))], as: DIDNumber.init)
    }

    package func changes(after id: Int64, limit: Int) throws -> [Change] {
        try rows(
            "SELECT \(Change.columns.names) FROM change WHERE id > $1 ORDER BY id LIMIT $2",
            [.integer(id), .integer(Int64(limit))], as: Change.init)
    }

    package func notes(after last: ChangeEntry.Key, limit: Int) throws -> [ChangeEntry] {
        try rows(
            """
            SELECT \(ChangeEntry.columns.names) FROM change_number WHERE (change, number) > ($1, $2)
            ORDER BY change, number LIMIT $3
            """, [.integer(last.change), .integer(last.number), .integer(Int64(limit))],
            as: ChangeEntry.init)
    }

    /// Fills the empty store. If it throws ``TransferError``, the caller must roll the transaction
    /// back.
    fileprivate func fill(
        from snapshot: any InventorySnapshot, progress: (Int) -> Void
    ) throws {
        let before = try size()
        guard before.numbers == 0, before.users == 0, before.changes == 0 else {
            throw TransferError.notEmpty(before)
        }
        let source = try snapshot.size()
        for (user, hash) in try snapshot.users() { try insert(user, hash) }
        try rebuildingIndexes {
            var count = 0
            try forEachBatch(of: snapshot.numbers, after: 0, key: \.id) { numbers in
                try insert(numbers.map(\.storedValues), into: .number)
                count += numbers.count
                progress(count)
            }
        }
        try forEachBatch(of: snapshot.changes, after: 0, key: \.id) {
            try insert($0.map(\.storedValues), into: .change)
        }
        try forEachBatch(of: snapshot.notes, after: .first, key: \.key) {
            try insert($0.map(\.storedValues), into: .changeNumber)
        }
        for (id, table) in zip(source.lastIDs, InventorySize.tablesWithIDs) {
            try setLastID(id, of: table)
        }
        let after = try size()
        guard after == source else {
            throw TransferError.sizesDiffer(source: source, target: after)
        }
    }

    private func insert(_ user: User, _ hash: PasswordHash) throws {
        try change(
            "INSERT INTO \"user\" (id, username, role, \"passwordHash\") VALUES ($1, $2, $3, $4)",
            [
                .integer(user.id), .text(user.username.description), .text(user.role.rawValue),
                .text(hash.stored),
            ])
    }
}

extension SQLStore {
    package func restore(_ snapshot: any InventorySnapshot, progress: (Int) -> Void) throws {
        try write { transaction in
            for table in ["number", "user"] { try transaction.lock(table: table) }
            try transaction.fill(from: snapshot, progress: progress)
        }
    }

    package func loadNumbers(
        besideAtMost mostPresent: Int, _ next: (_ count: Int) throws -> [NumberContent]
    ) throws -> Int {
        try write { transaction in
            try transaction.checkCount(
                most: min(mostPresent, Transaction.mostNumbersBeforeLoading))
            var count = 0
            try transaction.rebuildingIndexes {
                while case let contents = try next(count), !contents.isEmpty {
                    count += try transaction.insertNew(contents, isLoading: true)
                }
            }
            return count
        }
    }
}

/// Why a store was not copied, as a message for the operator.
package enum TransferError: Error, Equatable, CustomStringConvertible {
    case notEmpty(InventorySize)
    case sizesDiffer(source: InventorySize, target: InventorySize)

    package var description: String {
        switch self {
        case .notEmpty(let size): "The target has \(size); nothing was copied."
        case .sizesDiffer(let source, let target):
            "\(source) were sent, \(target) arrived; nothing was copied."
        }
    }
}
