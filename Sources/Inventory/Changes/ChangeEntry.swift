/// The part of a change that concerns one number.
package struct ChangeEntry: Equatable, Sendable {
    /// Identifies an entry. Entries are sorted by change, then by number.
    package struct Key: Equatable, Sendable {
        package let change: Int64
        package let number: Int64

        package init(change: Int64, number: Int64) {
            self.change = change
            self.number = number
        }

        package static let first = Key(change: 0, number: 0)
    }

    package let change: Int64
    /// If the change is an undo: the earlier change whose result it restored, or 0 for the content
    /// before the history began. Nil for other changes, and if later changes of other members stay.
    package let restoredChangeID: Int64?
    package let number: ChangedNumber

    package init(change: Int64, restoredChangeID: Int64? = nil, number: ChangedNumber) {
        self.change = change
        self.restoredChangeID = restoredChangeID
        self.number = number
    }

    package var key: Key { Key(change: change, number: number.id) }
}

package struct ChangedNumber: Equatable, Sendable, Identifiable {
    package let id: Int64
    /// The version after the change; for a deleted number, its last version.
    package let version: Int64
    /// Nil if the number was created.
    package let before: NumberContent?
    /// Nil if the number was deleted.
    package let after: NumberContent?

    package init(id: Int64, version: Int64, before: NumberContent?, after: NumberContent?) {
        self.id = id
        self.version = version
        self.before = before
        self.after = after
    }

    package static func created(_ number: DIDNumber) -> ChangedNumber {
        ChangedNumber(id: number.id, version: number.version, before: nil, after: number.content)
    }

    package static func changed(_ number: DIDNumber, to content: NumberContent) -> ChangedNumber {
        ChangedNumber(
            id: number.id, version: number.version + 1, before: number.content, after: content)
    }

    package static func deleted(_ number: DIDNumber) -> ChangedNumber {
        ChangedNumber(id: number.id, version: number.version, before: number.content, after: nil)
    }
}
