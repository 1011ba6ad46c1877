/// An amount of money that is never a floating point number: up to nine digits before the decimal
/// point and four after it, zero or more.
package struct Price: Hashable, Comparable, Sendable {
    /// The amount in ten-thousandths of the currency's unit, 0 to ``largest``.
    package let tenThousandths: Int64

    /// 999999999.9999
    package static let largest: Int64 = 9_999_999_999_999

    /// A price that was checked when it was stored.
    package init(storedTenThousandths amount: Int64) {
        tenThousandths = amount
    }

    /// Reads a decimal number such as `12.30`: `^\d{1,9}(\.\d{1,4})?$`. It is never rounded.
    ///
    /// - Throws: ``Refusal`` with what is wrong, for a person.
    package init(_ text: String) throws(Refusal) {
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
        let scalars = text.unicodeScalars
        let mayBeNumber = scalars.allSatisfy { ("0"..."9").contains($0) || ".,' +-".unicodeScalars.contains($0) }
        if text.trimmingBlanks().isEmpty {
            return Refusal("must not be empty")
        }
        if scalars.contains(where: \.isInvisible) {
            return Refusal("contains an invisible character")
        }
        if scalars.contains(where: { $0.properties.generalCategory == .decimalNumber && !$0.isASCII }) {
            return Refusal("must use the digits 0-9")
        }
        if let body = text.hasPrefix("-") ? text.dropFirst() : nil, (try? Price(String(body))) != nil {
            return Refusal("must not be negative")
        }
        if mayBeNumber, scalars.contains(where: { "0"..."9" ~= $0 }) {
            if text.hasPrefix("+") { return Refusal("must be written without a + sign") }
            if text.hasPrefix(" ") || text.hasSuffix(" ") {
                return Refusal("must be written without blanks")
            }
            if let point = text.firstIndex(of: ","), !text.contains("."),
                (try? Price(text.replacing(",", with: "."))) != nil,
                text[point...].count != 4
            {
                return Refusal(
                    "must use a dot as the decimal separator: \(text.replacing(",", with: "."))")
            }
            if scalars.contains(where: { ", '".unicodeScalars.contains($0) })
                || text.count(where: { $0 == "." }) > 1
            {
                return Refusal("must not contain thousands separators")
            }
            if text.hasPrefix("-") { return Refusal("must not be negative") }
        }
        if text.wholeMatch(of: /[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+/) != nil {
            return Refusal("must not use scientific notation")
        }
        if scalars.contains(where: { $0.properties.generalCategory == .currencySymbol })
            || text.wholeMatch(of: /[A-Z]{3} ?[0-9.,]+|[0-9.,]+ ?[A-Z]{3}/) != nil
        {
            return Refusal("must not contain a currency: it belongs in the member currency")
        }
        return Refusal("must be a decimal number such as 12.30")
    }

    package static func < (one: Price, other: Price) -> Bool {
        one.tenThousandths < other.tenThousandths
    }
}

extension Price: CustomStringConvertible {
    /// The canonical text: two decimal places at least, no zeros behind them.
    package var description: String {
        var digits = String(tenThousandths % 10_000)
        digits = String(repeating: "0", count: 4 - digits.count) + digits
        while digits.count > 2, digits.hasSuffix("0") { digits.removeLast() }
        return "\(tenThousandths / 10_000).\(digits)"
    }
}

extension UInt8 {
    /// Whether this is one of `0` to `9` in ASCII.
    fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
