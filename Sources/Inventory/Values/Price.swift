/// An exact amount of money, zero or more, with up to nine digits before the point, four after it.
package struct Price: Hashable, Comparable, Sendable {
    /// The amount in ten-thousandths of the currency's unit.
    package let tenThousandths: Int64

    /// Bounds the bytes that are examined for a message.
    private static let mostBytes = 64

    package static let zero = Price(storedTenThousandths: 0)
    package static let greatest = Price(storedTenThousandths: 9_999_999_999_999)

    package init(storedTenThousandths amount: Int64) {
        tenThousandths = amount
    }

    /// Reads a decimal number such as `12.30`, without rounding: `^\d{1,9}(\.\d{1,4})?$`.
    package init(_ text: String) throws(InvalidValue) {
        guard text.utf8.count <= Self.mostBytes else {
            throw InvalidValue("is too long for a price")
        }
        guard let number = DecimalDigits(text) else {
            throw InvalidValue(Self.reason(against: text))
        }
        let decimals = number.fraction.utf8.count
        guard number.whole.utf8.count <= 9, let units = Int64(number.whole) else {
            throw InvalidValue("must be 999999999.9999 at most")
        }
        guard decimals <= 4 else {
            throw InvalidValue("has \(decimals) decimal places; 4 at most")
        }
        let padded = number.fraction + String(repeating: "0", count: 4 - decimals)
        tenThousandths = units * 10_000 + (Int64(padded) ?? 0)
    }

    private static let currency = "must not contain a currency: it belongs in currency"

    // Compiling an expression takes longer than checking a row, so each is compiled once. Threads can
    // share them, because they run no code of ours.
    private nonisolated(unsafe) static let dash =
        /\s*[A-Za-z]{0,3}\p{Sc}?\s*[-\u{2013}]\s*[A-Za-z]{0,3}\p{Sc}?\s*/
    private nonisolated(unsafe) static let mistakes: [(pattern: Regex<Substring>, reason: String)] =
        [
            (/\s*/, "must not be empty"),
            (/[-\u{2013}\u{2212}]\s*[0-9.,]+|[0-9.,]+\s*-/, "must not be negative"),
            (
                /\(\s*[0-9.,]+\s*\)/,
                "is what accounting formats show for a negative amount: it must not be negative"
            ),
            (/[0-9]+[.,]|[.,][0-9]+/, "must have digits before and after the decimal separator"),
            (/\+[0-9.]+/, "must be written without a + sign"),
            (/\s+\S+\s*|\S+\s+/, "must be written without blanks"),
            (/[0-9]+,(?:[0-9]{1,2}|[0-9]{4})/, "must use a dot as the decimal separator: "),
            (
                /[0-9]+(?:[ ,.'\u{A0}\u{2009}\u{202F}\u{2019}][0-9]+)+/,
                "must not contain thousands separators"
            ),
            (/[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+/, "must not use scientific notation"),
            (/[A-Z]{3} ?[0-9.,]+|[0-9.,]+ ?[A-Z]{3}/, currency),
        ]

    private static func reason(against text: String) -> String {
        let scalars = text.unicodeScalars
        if scalars.contains(where: \.isInvisible) { return "contains an invisible character" }
        if scalars.contains(where: {
            !$0.isASCII && $0.properties.generalCategory == .decimalNumber
        }) {
            return "must use the digits 0-9"
        }
        // A dash, perhaps with a currency.
        if text.wholeMatch(of: dash) != nil {
            return "is what accounting formats show for zero: write 0.00"
        }
        if scalars.contains(where: { $0.properties.generalCategory == .currencySymbol }) {
            return currency
        }
        let reason =
            mistakes.first { text.wholeMatch(of: $0.pattern) != nil }?.reason
            ?? "must be a decimal number such as 12.30"
        return reason.hasSuffix(": ") ? reason + text.replacing(",", with: ".") : reason
    }

    package static func < (one: Price, other: Price) -> Bool {
        one.tenThousandths < other.tenThousandths
    }
}

extension Price: CustomStringConvertible {
    /// The canonical text: at least two decimal places, and no further trailing zeros.
    package var description: String {
        let (places, divisor): (Int, UInt64) =
            tenThousandths % 100 == 0 ? (2, 100) : tenThousandths % 10 == 0 ? (3, 10) : (4, 1)
        var rest = tenThousandths.magnitude / divisor
        // For speed (a page may have 2,000 prices), write bytes, from the last digit to the first.
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

package struct DecimalDigits {
    package let whole: Substring
    /// Empty if the text has no point.
    package let fraction: Substring

    package init?(_ text: String, point: UInt8 = UInt8(ascii: ".")) {
        let point = text.utf8.firstIndex(of: point)
        whole = text[..<(point ?? text.endIndex)]
        fraction = point.map { text[text.utf8.index(after: $0)...] } ?? ""
        guard !whole.isEmpty, point == nil || !fraction.isEmpty,
            whole.utf8.allSatisfy(\.isDigit), fraction.utf8.allSatisfy(\.isDigit)
        else { return nil }
    }
}
