/// The effect of a ``BulkChange`` for clients.
package struct BulkPreview: Equatable, Sendable {
    package static let mostErrors = 100
    package static let mostShown = 20

    package internal(set) var selected = 0
    /// Or deleted.
    package internal(set) var changed = 0
    package var unchanged: Int { selected - changed }
    /// The effect on each price that is set, for the numbers without errors.
    package internal(set) var prices: [NumberContent.Member: PriceEffect] = [:]
    /// Unless 0, nothing is changed.
    package internal(set) var errorCount = 0
    /// The first errors, by id.
    package internal(set) var errors: [NumberError] = []
    /// The first numbers that change, by id.
    package internal(set) var shown: [ChangedNumber] = []
    /// SHA-256 of this change and the selected numbers' current content: 64 hexadecimal digits.
    package internal(set) var tag = ""
}

/// Why a bulk change cannot change one number.
package struct NumberError: Equatable, Sendable {
    package let id: Int64
    package let error: FieldError
}
