package import Foundation

/// Which changes, newest first, and which page of them.
package struct ChangeQuery: Equatable, Sendable {
    package var paging: Paging
    /// Whose changes; all users' where it is nil.
    package var username: String?
    package var kind: Change.Kind?
    /// Those alone that did something to this number.
    package var numberID: Int64?
    /// Those alone that were made at this time or later, in whole milliseconds.
    package var from: Date?
    /// Those alone that were made before this time, in whole milliseconds.
    package var to: Date?

    package init(
        paging: Paging = Paging(), username: String? = nil, kind: Change.Kind? = nil,
        numberID: Int64? = nil, from: Date? = nil, to: Date? = nil
    ) {
        self.paging = paging
        self.username = username
        self.kind = kind
        self.numberID = numberID
        self.from = from
        self.to = to
    }
}

/// A change in the history of one number, with what it did to that number.
package struct HistoryEntry: Equatable, Sendable {
    package let change: Change
    package let number: ChangedNumber

    package init(change: Change, number: ChangedNumber) {
        self.change = change
        self.number = number
    }
}
