/// An amount of money that is never a floating point number: up to nine digits before the decimal
/// point and four after it, zero or more.
package struct Price: Hashable, Comparable, Sendable {
    /// The amount in ten-thousandths of the currency's unit, 0 to ``largest``.
    package let tenThousandths: Int64

    /// The most bytes that are looked at, to say what is wrong with them.
    private static let mostBytes = 64

    /// What 999999999.9999 is.
    package static let largest: Int64 = 9_999_999_999_999

    package static let zero = Price(storedTenThousandths: 0)
    package static let greatest = Price(storedTenThousandths: largest)

    /// A price that was checked when it was stored.
    package init(storedTenThousandths amount: Int64) {
        tenThousandths = amount
    }

    /// Reads a decimal number such as `12.30`: `^\d{1,9}(\.\d{1,4})?$`.
    ///
    /// It is never rounded.
    ///
    /// - Throws: ``Refusal`` with what is wrong, for a person.
    package init(_ text: String) throws(Refusal) {
        guard text.utf8.count <= Self.mostBytes else { throw Refusal("is too long for a price") }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) })
        else { throw Self.refusal(of: text) }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard whole.count <= 9, let units = Int64(whole) else {
            throw Refusal("must be 999999999.9999 at most")
        }
        guard fraction.count <= 4 else {
            throw Refusal("has \(fraction.count) decimal places; 4 at most")
        }
        let padded = fraction + String(repeating: "0", count: 4 - fraction.count)
        tenThousandths = units * 10_000 + (Int64(padded) ?? 0)
    }

    /// Says which of the usual mistakes `text`, which is no price, makes.
    private static func refusal(of text: String) -> Refusal {
        let categories = text.unicodeScalars.map { ($0, $0.properties.generalCategory) }
        if text.unicodeScalars.contains(where: { $0.isInvisible }) {
            return Refusal("contains an invisible character")
        }
        if categories.contains(where: { $0.1 == .decimalNumber && !$0.0.isASCII }) {
            return Refusal("must use the digits 0-9")
        }
        if categories.contains(where: { $0.1 == .currencySymbol }) {
            return Refusal("must not contain a currency: it belongs in currency")
        }
        let reason =
            switch text {
            case /\s*/: "must not be empty"
            case /-[0-9]+(\.[0-9]*)?/: "must not be negative"
            case /\+[0-9.]+/: "must be written without a + sign"
            case /\s+\S+|\S+\s+|\s+\S+\s+/: "must be written without blanks"
            case /[0-9]+,([0-9]{1,2}|[0-9]{4})/:
                "must use a dot as the decimal separator: \(text.replacing(",", with: "."))"
            case /[0-9]+([ ,.'][0-9]+)+/: "must not contain thousands separators"
            case /[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+/: "must not use scientific notation"
            case /[A-Z]{3} ?[0-9.,]+|[0-9.,]+ ?[A-Z]{3}/:
                "must not contain a currency: it belongs in currency"
            default: "must be a decimal number such as 12.30"
            }
        return Refusal(reason)
    }

    package static func < (one: Price, other: Price) -> Bool {
        one.tenThousandths < other.tenThousandths
    }
}

extension Price: CustomStringConvertible {
    /// The canonical text: two decimal places at least, no zeros behind them.
    package var description: String {
        let (places, divisor): (Int, UInt64) =
            tenThousandths % 100 == 0 ? (2, 100) : tenThousandths % 10 == 0 ? (3, 10) : (4, 1)
        var rest = tenThousandths.magnitude / divisor
        // A page has up to two thousand of them, so they are written byte by byte, from the last.
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { bytes in
            var start = bytes.count
            func prepend(_ byte: UInt8) {
                start -= 1
                bytes[start] = byte
            }
            var count = 0
            repeat {
                if count == places { prepend(UInt8(ascii: ".")) }
                prepend(UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
                count += 1
            } while rest > 0 || count <= places
            return String(decoding: bytes[start...], as: UTF8.self)
        }
    }
}

/// Lets a `switch` try regular expressions on a whole text.
private func ~= <Output>(pattern: Regex<Output>, text: String) -> Bool {
    text.wholeMatch(of: pattern) != nil
}

extension UInt8 {
    /// Whether this is one of `0` to `9` in ASCII.
    fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
