/// What is written down of one number in a change.
package struct ChangeEntry: Equatable, Sendable {
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
    package let restoredChangeID: Int64?
    package let number: ChangedNumber

    package init(change: Int64, restoredChangeID: Int64? = nil, number: ChangedNumber) {
        self.change = change
        self.restoredChangeID = restoredChangeID
        self.number = number
    }

    package var key: Key { Key(change: change, number: number.id) }
}
