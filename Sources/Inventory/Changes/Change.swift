package import Foundation

/// A change of one or many numbers by one request, in one transaction.
package struct Change: Equatable, Sendable, Identifiable {
    package enum Kind: String, CaseIterable, Sendable {
        case create, change, delete, changeMany, deleteMany
        case `import`
        case undo
    }

    package let record: ChangeRecord
    /// The change that undid this one, unless that was undone.
    package let undoneBy: Int64?

    package init(_ record: ChangeRecord, undoneBy: Int64? = nil) {
        self.record = record
        self.undoneBy = undoneBy
    }

    package var id: Int64 { record.id }
    package var at: Date { record.author.at }
    package var username: String { record.author.username }
    package var kind: Kind { record.kind }
    package var count: Int { record.count }
    /// The change that this one undid.
    package var undoes: Int64? { record.undoChain?.undoes }
}

/// The stored part of a change, which is never updated.
package struct ChangeRecord: Equatable, Sendable {
    /// The position of an undo among all undos and redos of one change.
    package struct UndoChain: Equatable, Sendable {
        /// The change that the user asked to undo.
        package let undoes: Int64
        /// The change at the beginning of the chain.
        package let origin: Int64
        /// From 1. An odd one undoes the origin, an even one redoes it.
        package let sequence: Int64

        package init(undoes: Int64, origin: Int64, sequence: Int64) {
            self.undoes = undoes
            self.origin = origin
            self.sequence = sequence
        }
    }

    /// Assigned by the store, from 1, ascending.
    package let id: Int64
    package let author: Author
    package let kind: Change.Kind
    /// The number of numbers that were created, changed or deleted.
    package let count: Int
    /// Nil unless the change is an undo.
    package let undoChain: UndoChain?

    package init(
        id: Int64, author: Author, kind: Change.Kind, count: Int, undoChain: UndoChain? = nil
    ) {
        self.id = id
        self.author = author
        self.kind = kind
        self.count = count
        self.undoChain = undoChain
    }
}
