package import Inventory
package import Storage

extension SQLiteConnection {
    package func numbers(withIDs ids: [Int64]) throws -> [DIDNumber] {
        try ids.compactMap {
            try row(DIDNumber.selectionByID, [.integer($0)], as: DIDNumber.init)
        }
    }

    package func numbers(withDigits digits: [String]) throws -> [DIDNumber] {
        try digits.compactMap {
            try row(DIDNumber.selectionByDigits, [.text($0)], as: DIDNumber.init)
        }
    }

    package func page(_ query: NumberQuery) throws -> Page<DIDNumber> { try query.page(in: self) }

    package func condition(of filter: NumberFilter) throws -> SQLCondition {
        filter.condition(by: try filter.narrowestIndex(in: self))
    }

    package func candidates(of filter: NumberFilter) -> (rows: String, values: [StoredValue]) {
        filter.candidates
    }

    package func newChangeID() throws -> Int64 { try lastID(of: "change") + 1 }

    package func newNumberIDs(_ count: Int) throws -> [Int64] {
        let last = try lastID(of: "number")
        try setLastID(last + Int64(count), of: "number")
        return Array((last + 1)..<(last + 1 + Int64(count)))
    }

    /// Inserts the rows into the history immediately. SQLite has one writer, so the id of the
    /// change is known before the change is inserted.
    package func stage(_ numbers: [ChangedNumber]) throws {
        let change = try newChangeID()
        try insert(
            numbers.map { ChangeEntry(change: change, number: $0).storedValues },
            into: .changeNumber)
    }

    package func insertStaged(in change: Int64) {}
}
