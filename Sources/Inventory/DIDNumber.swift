/// A phone number that the carrier has for sale (DID: direct inward dialling), with its prices.
package struct DIDNumber: Equatable, Sendable, Identifiable {
    /// Given by the store, from 1, never given again.
    package let id: Int64
    package var value: PhoneNumber
    /// What the number costs each month.
    ///
    /// The spelling is the agreed contract.
    package var monthyPrice: Price
    /// What the number costs once.
    package var setupPrice: Price
    /// What both prices are counted in.
    package var currency: Currency
    /// Counts the changes, from 1.
    ///
    /// The store's affair.
    package let version: Int64

    package init(
        id: Int64, value: PhoneNumber, monthyPrice: Price, setupPrice: Price, currency: Currency,
        version: Int64
    ) {
        self.id = id
        self.value = value
        self.monthyPrice = monthyPrice
        self.setupPrice = setupPrice
        self.currency = currency
        self.version = version
    }

    /// A number that was just created.
    package init(id: Int64, _ draft: NumberDraft) {
        self.init(
            id: id, value: draft.value, monthyPrice: draft.monthyPrice,
            setupPrice: draft.setupPrice, currency: draft.currency, version: 1)
    }

    /// The same number after a change.
    package var nextVersion: DIDNumber {
        DIDNumber(
            id: id, value: value, monthyPrice: monthyPrice, setupPrice: setupPrice,
            currency: currency, version: version + 1)
    }

    /// Takes over every member of `draft`.
    package mutating func replace(with draft: NumberDraft) {
        value = draft.value
        monthyPrice = draft.monthyPrice
        setupPrice = draft.setupPrice
        currency = draft.currency
    }

    /// Takes over the members that `patch` has.
    package mutating func apply(_ patch: NumberPatch) {
        value = patch.value ?? value
        monthyPrice = patch.monthyPrice ?? monthyPrice
        setupPrice = patch.setupPrice ?? setupPrice
        currency = patch.currency ?? currency
    }

    /// Whether both say the same to a client, character by character.
    ///
    /// Not `==` on the numbers: one number may be formatted anew by a newer libphonenumber.
    package func hasSameContent(as other: DIDNumber) -> Bool {
        value.digits == other.value.digits && value.formatted == other.value.formatted
            && monthyPrice == other.monthyPrice && setupPrice == other.setupPrice
            && currency == other.currency
    }
}
