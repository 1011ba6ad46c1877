/// A phone number that the carrier has for sale (DID: direct inward dialling), with its prices.
package struct DIDNumber: Equatable, Sendable, Identifiable {
    /// Given by the store, from 1, never given again.
    package let id: Int64
    package let content: NumberContent
    /// Counts the changes, from 1.
    package let version: Int64

    package init(id: Int64, content: NumberContent, version: Int64 = 1) {
        self.id = id
        self.content = content
        self.version = version
    }

    /// The number after a change, one version further; nil where `change` leaves it as it is.
    ///
    /// - Throws: ``InventoryError/versionConflict(current:)`` unless `condition` holds, and what
    ///   `change` throws.
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
