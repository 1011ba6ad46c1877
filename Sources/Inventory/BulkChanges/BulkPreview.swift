/// What a ``BulkChange`` would do, as clients see it.
package struct BulkPreview: Equatable, Sendable {
    package static let mostErrors = 100
    package static let mostShown = 20

    package internal(set) var selected = 0
    /// How many numbers are changed or deleted.
    package internal(set) var changed = 0
    package var unchanged: Int { selected - changed }
    /// The effect on each price that the change sets, for the numbers without errors.
    package internal(set) var prices: [NumberContent.Member: PriceEffect] = [:]
    /// How many errors were found. If there is one, no number is changed.
    package internal(set) var errorCount = 0
    /// The first errors, in the order of the numbers' ids.
    package internal(set) var errors: [NumberError] = []
    /// The first numbers that change, in the order of ids.
    package internal(set) var shown: [ChangedNumber] = []
    /// SHA-256 of this change and the selected numbers' current content: 64 hexadecimal digits.
    package internal(set) var tag = ""
}

/// Why a bulk change cannot change one number.
package struct NumberError: Equatable, Sendable {
    package let id: Int64
    package let error: FieldError
}
