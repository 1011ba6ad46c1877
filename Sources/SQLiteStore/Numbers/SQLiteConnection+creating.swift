internal import Inventory
internal import Storage

/// FTS5 ends each statement with a small index of its own. So numbers that are created in one
/// commit enter the search index by one statement, instead of by the trigger.
extension SQLiteConnection {
    func create(_ content: NumberContent) throws -> DIDNumber {
        // The connection keeps this statement as it is prepared here.
        try withoutInsertions(into: "number_search") {
            try execute(StoredTable.newNumber.insertion, content.storedValues)
        }
        let id = lastInsertedID
        firstUnindexedID = firstUnindexedID ?? id
        return DIDNumber(id: id, content: content)
    }

    /// Must be called before the commit, and before a trigger changes an entry of a created number.
    func indexCreatedNumbers() throws {
        guard let first = firstUnindexedID else { return }
        firstUnindexedID = nil
        try execute(
            "INSERT INTO number_search (rowid, digits) SELECT id, digits FROM number WHERE id >= $1",
            [.integer(first)])
    }
}
