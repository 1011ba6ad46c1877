/// The effect of a ``BulkChange`` for clients.
package struct BulkPreview: Equatable, Sendable {
    /// The most errors that are listed.
    package static let mostErrors = 100
    /// The most numbers that are shown.
    package static let mostShown = 20

    /// The counts of all selected numbers, of changed or deleted ones, and of the others.
    package let selected: Int
    package let changed: Int
    package let unchanged: Int
    /// The effect on each price that is set, for the numbers without errors.
    package let prices: [NumberContent.Member: PriceEffect]
    /// Unless 0, nothing is changed.
    package let errorCount: Int
    /// The first errors, by id.
    package let errors: [NumberError]
    /// The first numbers that change, by id.
    package let shown: [ChangedNumber]
    /// Identifies this change and the current content of the selected numbers: 64 hexadecimal
    /// digits (SHA-256).
    package let tag: String
}

/// Why a bulk change cannot change one number.
package struct NumberError: Equatable, Sendable {
    package let id: Int64
    package let error: FieldError

    package init(id: Int64, error: FieldError) {
        self.id = id
        self.error = error
    }
}
