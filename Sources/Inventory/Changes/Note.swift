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

        /// Before all others.
        package static let first = Key(change: 0, number: 0)
    }

    package let change: Int64
    package let number: ChangedNumber

    package init(change: Int64, number: ChangedNumber) {
        self.change = change
        self.number = number
    }

    package var key: Key { Key(change: change, number: number.id) }
}
