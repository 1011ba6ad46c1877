package import Foundation

/// A change of one or many numbers by one request, in one transaction.
package struct Change: Equatable, Sendable, Identifiable {
    package enum Kind: String, CaseIterable, Sendable {
        case create, change, delete, changeMany, deleteMany
        case `import`
        case undo
    }

    /// Assigned by the store, from 1, ascending.
    package let id: Int64
    package let author: Author
    package let kind: Kind
    /// The number of numbers that were created, changed or deleted.
    package let count: Int
    /// The change that this one undid. Like the next two members, nil unless this is an undo.
    package let undoes: Int64?
    /// The first change of the chain: a change, its undo, the undo of that undo (a redo) …
    package let origin: Int64?
    /// The position in that chain, from 1. An undo at an odd position undoes the origin, one at an
    /// even position redoes it.
    package let sequence: Int64?
    /// The last undo of the chain if it leaves this change undone; nil if this change is in effect.
    /// It is not stored.
    package var undoneBy: Int64?
    /// The only number of the change, or the first that a query is about. It is not stored, and nil
    /// unless a list or a look-up read it.
    package var number: ChangedNumber?

    package init(
        id: Int64, author: Author, kind: Kind, count: Int, undoes: Int64? = nil,
        origin: Int64? = nil, sequence: Int64? = nil
    ) {
        self.id = id
        self.author = author
        self.kind = kind
        self.count = count
        self.undoes = undoes
        self.origin = origin
        self.sequence = sequence
    }

    package var at: Date { author.at }
    package var username: String { author.username }
}

package struct Author: Equatable, Sendable {
    /// The name at the time of the change. The history keeps it even if the user is removed.
    package let username: String
    /// Rounded down to a whole millisecond, as stores keep it.
    package let at: Date

    package init(username: String, at: Date) {
        self.username = username
        self.at = Date(wholeMilliseconds: at.wholeMilliseconds)
    }
}

extension Date {
    /// Milliseconds since 1970, rounded down.
    package var wholeMilliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded(.down)) }

    package init(wholeMilliseconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(wholeMilliseconds) / 1000)
    }
}
