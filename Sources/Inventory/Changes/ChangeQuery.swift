package import Foundation

/// Which changes, newest first, and which page of them. All conditions apply together.
package struct ChangeQuery: Equatable, Sendable {
    package var paging: Paging
    package var username: String?
    package var kind: Change.Kind?
    /// A number that was changed.
    package var numberID: Int64?
    /// The first and the end of the time, in whole milliseconds; `to` itself is excluded.
    package var from: Date?
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

/// An entry in the history of one number.
package struct HistoryEntry: Equatable, Sendable {
    package let change: Change
    package let number: ChangedNumber

    package init(change: Change, number: ChangedNumber) {
        self.change = change
        self.number = number
    }
}
