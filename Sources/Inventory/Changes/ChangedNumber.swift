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

extension ChangedNumber {
    /// Where a store keeps the content before a change.
    ///
    /// Whether there was one tells the first of them, which is NULL otherwise. A member that is newer
    /// than a change has there what all numbers got when the member came.
    package static let columnsBefore = NumberContent.columns.map { $0.prefixed("before_") }
    /// The same for the content after.
    package static let columnsAfter = NumberContent.columns.map { $0.prefixed("after_") }

    /// Where a store keeps all of it beside the id of the change, in the order of ``storedValues``
    /// and of ``init(from:)``.
    package static let columns =
        [.integer("number"), .integer("version")] + columnsBefore + columnsAfter

    package var storedValues: [StoredValue] {
        [.integer(id), .integer(version)] + before.storedValues + after.storedValues
    }

    /// Reads ``columns``.
    package init(from row: inout some StoredRow) throws {
        self.init(
            id: try row.integer(), version: try row.integer(),
            before: try NumberContent?(from: &row), after: try NumberContent?(from: &row))
    }
}

extension NumberContent? {
    fileprivate var storedValues: [StoredValue] {
        self?.storedValues
            ?? [StoredValue](repeating: .null, count: NumberContent.columns.count)
    }

    fileprivate init(from row: inout some StoredRow) throws {
        guard row.isNull else {
            self = try NumberContent(from: &row)
            return
        }
        row.skip(NumberContent.columns.count)
        self = nil
    }
}
