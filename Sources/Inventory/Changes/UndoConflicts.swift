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

/// A number that prevents an undo.
package struct UndoConflict: Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        /// The number was changed since. The change is nil if a program without history made it.
        case moved(by: Int64?)
        /// Another number, `id`, got the phone number that the undo would restore.
        case taken(by: Int64)
    }

    package let id: Int64
    package let reason: Reason

    package var isTaken: Bool {
        if case .taken = reason { true } else { false }
    }

    package init(id: Int64, reason: Reason) {
        self.id = id
        self.reason = reason
    }
}
