package import Foundation

/// What one request of one user did to numbers: one or many of them, all in one transaction.
package struct Change: Equatable, Sendable, Identifiable {
    package enum Kind: String, CaseIterable, Sendable {
        case create, change, delete, changeMany, deleteMany
        case `import`
        case undo
    }

    package let record: ChangeRecord
    /// The change that took this one back, where that stands.
    package let undoneBy: Int64?

    package init(_ record: ChangeRecord, undoneBy: Int64? = nil) {
        self.record = record
        self.undoneBy = undoneBy
    }

    /// Given by the store, from 1; a later change has a greater one.
    package var id: Int64 { record.id }
    package var at: Date { record.author.at }
    package var username: String { record.author.username }
    package var kind: Kind { record.kind }
    /// How many numbers it created, changed or deleted.
    package var count: Int { record.count }
    /// The change that this one took back.
    package var undoes: Int64? { record.undoChain?.undoes }
}
