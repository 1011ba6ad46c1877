internal import Foundation

/// A change as a store keeps it: nothing of it ever changes.
package struct ChangeRecord: Equatable, Sendable {
    /// The place of an undo among those that take back and redo one change.
    package struct UndoChain: Equatable, Sendable {
        /// The change that somebody asked to take back.
        package let undoes: Int64
        /// The change that all of them take back and redo.
        package let origin: Int64
        /// Counts them, from 1: after an odd one the origin is undone, after an even one redone.
        package let sequence: Int64

        package init(undoes: Int64, origin: Int64, sequence: Int64) {
            self.undoes = undoes
            self.origin = origin
            self.sequence = sequence
        }
    }

    package let id: Int64
    package let author: Author
    package let kind: Change.Kind
    package let count: Int
    /// Nil for all but an undo.
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
