/// What a ``BulkChange`` would do to the inventory as it is.
package struct BulkPreview: Equatable, Sendable {
    /// How many errors are told.
    package static let mostErrors = 100
    /// How many numbers are shown.
    package static let mostShown = 20

    /// How many numbers are selected.
    package let selected: Int
    /// How many of them would be changed or deleted.
    package let changed: Int
    /// How many of them would stay as they are.
    package let unchanged: Int
    /// The effect on each price that is set, counted over the numbers without errors.
    package let prices: [NumberContent.Member: PriceEffect]
    /// How many errors there are: one is enough, and nothing is done.
    package let errorCount: Int
    /// The first of them, in the order of the ids.
    package let errors: [NumberError]
    /// The first numbers that would be changed, in the order of their ids.
    package let shown: [ChangedNumber]
    /// Stands for exactly this request and this state of the numbers it selects: 64 hexadecimal
    /// digits (SHA-256).
    package let tag: String
}

/// Why something cannot be done to one of many numbers.
package struct NumberError: Equatable, Sendable {
    package let id: Int64
    package let error: FieldError

    package init(id: Int64, error: FieldError) {
        self.id = id
        self.error = error
    }
}
