internal import Foundation

/// The currency of a price: an ISO 4217 code such as `BRL`, or a sign such as `U$`, `R$` or `€`.
package struct Currency: Hashable, Sendable {
    package let symbol: String

    /// How many currencies a store lists. Only an import can create so many.
    package static let mostListed = 1000
    /// How many numbers may match a filter whose currencies are counted. An index that finds more
    /// is not used to count them.
    package static let mostCounted = 20_000
    /// How many numbers an inventory may have whose numbers are all read to count the matches.
    package static let mostRead = 100_000
    /// How many characters a sign may have: enough for `US$`, too few for a word.
    private static let longestSign = 3
    /// Bounds the bytes that are examined, including blanks around the symbol.
    private static let mostBytes = 128

    // Locale.Currency.isoCurrencies also has the Deutsche Mark, gold and "no currency".
    private static let isoCodes = Set(Locale.commonISOCurrencyCodes)

    package init(storedSymbol symbol: String) {
        self.symbol = symbol
    }

    /// Ignores blanks around the text. A sign has one to three letters and currency symbols
    /// (Unicode category Sc), at least one of them a symbol.
    package init(_ text: String) throws(InvalidValue) {
        if Self.isPlain(text) {
            symbol = text
            return
        }
        guard text.utf8.count <= Self.mostBytes else { throw Self.generalError }
        let symbol = text.trimmingBlanks().precomposedStringWithCanonicalMapping
        let scalars = symbol.unicodeScalars
        guard !symbol.isEmpty else { throw InvalidValue("must not be empty") }
        guard !scalars.contains("\0") else { throw InvalidValue("contains a NUL character") }
        guard !scalars.contains(where: \.isInvisible) else {
            throw InvalidValue("contains an invisible character")
        }
        guard !scalars.contains(where: { $0.properties.numericType != nil }) else {
            throw InvalidValue("must not contain digits")
        }
        guard scalars.allSatisfy({ $0.isCurrencySign || $0.properties.isAlphabetic }) else {
            throw InvalidValue("may contain letters and currency signs only")
        }
        let isSign =
            scalars.count <= Self.longestSign && scalars.contains(where: \.isCurrencySign)
        guard isSign || Self.isoCodes.contains(symbol) else {
            let code = symbol.uppercased()
            guard code != symbol, Self.isoCodes.contains(code) else { throw Self.generalError }
            throw InvalidValue("must be written in capitals: \(code)")
        }
        self.symbol = symbol
    }

    /// Whether the text is a valid symbol in ASCII, as most are. Unicode properties are slower.
    private static func isPlain(_ text: String) -> Bool {
        let sign = UInt8(ascii: "$")
        guard (1...longestSign).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 == sign || 0x41...0x5A ~= $0 & ~0x20 })
        else { return false }
        return text.utf8.contains(sign) || isoCodes.contains(text)
    }

    private static let generalError = InvalidValue(
        "must be an ISO 4217 code such as BRL or a sign such as U$")
}

extension Unicode.Scalar {
    fileprivate var isCurrencySign: Bool { properties.generalCategory == .currencySymbol }
}
