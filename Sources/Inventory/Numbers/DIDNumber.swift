/// A phone number that the carrier sells (DID: direct inward dialling), with its prices.
package struct DIDNumber: Equatable, Sendable, Identifiable {
    /// Assigned by the store, from 1; never reused.
    package let id: Int64
    package let content: NumberContent
    /// From 1; each change increments it.
    package let version: Int64

    package init(id: Int64, content: NumberContent, version: Int64 = 1) {
        self.id = id
        self.content = content
        self.version = version
    }

    /// Returns the number after `change`; nil if the content stays the same.
    ///
    /// - Throws: ``InventoryError/versionConflict(current:)``, and the errors of `change`.
    package func changed(
        if condition: VersionCondition, by change: (inout NumberContent) throws -> Void
    ) throws -> DIDNumber? {
        try condition.check(self)
        var content = content
        try change(&content)
        guard content != self.content else { return nil }
        return DIDNumber(id: id, content: content, version: version + 1)
    }
}

/// The condition on a number's version (`If-Match`, `If-None-Match`) for changing it.
package struct VersionCondition: Sendable {
    private let isMet: @Sendable (_ version: Int64) -> Bool

    package init(_ isMet: @escaping @Sendable (_ version: Int64) -> Bool) {
        self.isMet = isMet
    }

    package func check(_ number: DIDNumber) throws(InventoryError) {
        guard isMet(number.version) else { throw .versionConflict(current: number) }
    }
}
