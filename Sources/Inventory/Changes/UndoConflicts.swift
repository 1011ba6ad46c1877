/// Why a change cannot be taken back: what happened to its numbers since.
package struct UndoConflicts: Equatable, Sendable {
    /// How many are told.
    package static let most = 100

    /// How many numbers are in the way.
    package let total: Int
    /// The first of them, in the order of their ids.
    package let first: [UndoConflict]

    package init(total: Int, first: [UndoConflict]) {
        self.total = total
        self.first = first
    }
}

package struct UndoConflict: Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        /// The number is no longer as the change left it. The change whose outcome it has tells why;
        /// there is none where a program that keeps no history was at work.
        case moved(by: Int64?)
        /// Another number, `id`, has the phone number meanwhile that this one would get back.
        case taken(by: Int64)
    }

    /// The number that is in the way.
    package let id: Int64
    package let reason: Reason

    /// Whether another number has its phone number meanwhile.
    package var isTaken: Bool {
        if case .taken = reason { true } else { false }
    }

    package init(id: Int64, reason: Reason) {
        self.id = id
        self.reason = reason
    }
}
