/// The later changes that prevent an undo.
package struct UndoConflicts: Equatable, Sendable {
    /// The most conflicts that are listed.
    package static let most = 100

    package let total: Int
    /// The first conflicts, by id.
    package let first: [UndoConflict]

    package init(total: Int, first: [UndoConflict]) {
        self.total = total
        self.first = first
    }
}

/// A number, `id`, that prevents an undo.
package enum UndoConflict: Equatable, Sendable {
    /// The number was changed since. The change is nil if a program without history made it.
    case moved(id: Int64, by: Int64?)
    /// Another number got the phone number that the undo would restore.
    case taken(id: Int64, by: Int64)

    package var isTaken: Bool {
        if case .taken = self { true } else { false }
    }
}
