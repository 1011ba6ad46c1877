/// The first conflicts, in the order of numbers' ids, at most ``UndoConflict/most``, and the number
/// of all conflicts.
package typealias UndoConflicts = Page<UndoConflict>

/// A number, `id`, that prevents an undo.
package enum UndoConflict: Equatable, Sendable {
    package static let most = 100

    /// The later change `by` changed `members`; nil if a program without history changed the number.
    case moved(id: Int64, by: Int64?, members: [NumberContent.Member])
    /// Another number got the phone number that the undo would restore.
    case taken(id: Int64, by: Int64)

    package var isTaken: Bool {
        if case .taken = self { true } else { false }
    }
}
