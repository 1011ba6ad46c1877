/// What is written down of one number in a change.
package struct Note: Equatable, Sendable {
    /// Where a note stands among all of them.
    package struct Key: Equatable, Sendable {
        package let change: Int64
        package let number: Int64

        package init(change: Int64, number: Int64) {
            self.change = change
            self.number = number
        }

        /// It sorts before all others.
        package static let first = Key(change: 0, number: 0)
    }

    package let change: Int64
    /// Where this is an undo, the earlier change whose outcome the number has again; 0 where that is what it
    /// was before its history began.
    ///
    /// So changes can be taken back one after the other, from the last to the first. Nil for others,
    /// whose outcome is their own.
    package let standing: Int64?
    package let number: ChangedNumber

    package init(change: Int64, standing: Int64? = nil, number: ChangedNumber) {
        self.change = change
        self.standing = standing
        self.number = number
    }

    package var key: Key { Key(change: change, number: number.id) }
}

extension Note {
    /// Where a store keeps a note, in the order of ``storedValues`` and of ``init(from:)``.
    package static let columns =
        [.integer("change"), .integer("standing")] + ChangedNumber.columns

    package var storedValues: [StoredValue] {
        [.integer(change), standing.map(StoredValue.integer) ?? .null] + number.storedValues
    }

    /// Reads ``columns``.
    package init(from row: inout some StoredRow) throws {
        change = try row.integer()
        standing = try row.optionalInteger()
        number = try ChangedNumber(from: &row)
    }
}
