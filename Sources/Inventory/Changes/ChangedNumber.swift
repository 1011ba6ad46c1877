/// What a change did to one number: it came to be, was changed, or went.
package struct ChangedNumber: Equatable, Sendable, Identifiable {
    package let id: Int64
    /// The version that the change left; of a number that went, the last that it had.
    package let version: Int64
    /// It is nil where the number came to be.
    package let before: NumberContent?
    /// It is nil where the number went.
    package let after: NumberContent?

    package init(id: Int64, version: Int64, before: NumberContent?, after: NumberContent?) {
        self.id = id
        self.version = version
        self.before = before
        self.after = after
    }

    package static func created(_ number: DIDNumber) -> ChangedNumber {
        ChangedNumber(
            id: number.id, version: number.version, before: nil, after: number.content)
    }

    package static func changed(_ number: DIDNumber, to content: NumberContent) -> ChangedNumber {
        ChangedNumber(
            id: number.id, version: number.version + 1, before: number.content, after: content)
    }

    package static func deleted(_ number: DIDNumber) -> ChangedNumber {
        ChangedNumber(
            id: number.id, version: number.version, before: number.content, after: nil)
    }
}
