package import Foundation

/// A page of the changes that meet all conditions, newest first.
package struct ChangeQuery: Equatable, Sendable {
    package var paging: Paging
    package var username: String?
    /// Empty for all kinds.
    package var kinds: [Change.Kind]
    package var numberID: Int64?
    /// Digits that a number ends with now, or ended with before it was deleted or changed.
    package var number: DigitSuffix?
    /// The time range in whole milliseconds; it excludes `to`.
    package var from: Date?
    package var to: Date?

    package init(
        paging: Paging = Paging(), username: String? = nil, kinds: [Change.Kind] = [],
        numberID: Int64? = nil, number: DigitSuffix? = nil, from: Date? = nil, to: Date? = nil
    ) {
        self.paging = paging
        self.username = username
        self.kinds = kinds
        self.numberID = numberID
        self.number = number
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
