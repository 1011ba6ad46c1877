package import Foundation

/// A page of the changes that meet all conditions, newest first.
package struct ChangeQuery: Equatable, Sendable {
    package var paging: Paging
    package var username: String?
    package var kind: Change.Kind?
    package var numberID: Int64?
    /// The time range in whole milliseconds; it excludes `to`.
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

package struct HistoryEntry: Equatable, Sendable {
    package let change: Change
    package let number: ChangedNumber

    package init(change: Change, number: ChangedNumber) {
        self.change = change
        self.number = number
    }
}
