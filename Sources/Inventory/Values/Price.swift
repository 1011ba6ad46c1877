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
    /// - Throws: ``InvalidValue`` with what is wrong, for a person.
    package init(_ text: String) throws(InvalidValue) {
        guard text.utf8.count <= Self.mostBytes else {
            throw InvalidValue("is too long for a price")
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) })
        else { throw InvalidValue(Self.reason(against: text)) }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard whole.count <= 9, let units = Int64(whole) else {
            throw InvalidValue("must be 999999999.9999 at most")
        }
        guard fraction.count <= 4 else {
            throw InvalidValue("has \(fraction.count) decimal places; 4 at most")
        }
        let padded = fraction + String(repeating: "0", count: 4 - fraction.count)
        tenThousandths = units * 10_000 + (Int64(padded) ?? 0)
    }

    /// Says which of the usual mistakes `text`, which is no price, makes.
    private static func reason(against text: String) -> String {
        let scalars = text.unicodeScalars
        let currency = "must not contain a currency: it belongs in currency"
        if scalars.contains(where: \.isInvisible) { return "contains an invisible character" }
        if scalars.contains(where: {
            !$0.isASCII && $0.properties.generalCategory == .decimalNumber
        }) {
            return "must use the digits 0-9"
        }
        if scalars.contains(where: { $0.properties.generalCategory == .currencySymbol }) {
            return currency
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        switch form(of: text) {
        case _ where words.isEmpty: return "must not be empty"
        case "-0", "-0.", "-0.0": return "must not be negative"
        case let form where form.first == "+" && form.count > 1 && form.dropFirst().isAmount(".0"):
            return "must be written without a + sign"
        case _ where words.count == 1 && words[0].utf8.count < text.utf8.count:
            return "must be written without blanks"
        case "0,0" where [1, 2, 4].contains(text.utf8.reversed().prefix { $0.isDigit }.count):
            return "must use a dot as the decimal separator: \(text.replacing(",", with: "."))"
        case let form where form.hasGroups: return "must not contain thousands separators"
        case let form where form.isScientific: return "must not use scientific notation"
        case let form where form.dropFirst(3).isAmountBesideCode(form.prefix(3)),
            let form where form.dropLast(3).isAmountBesideCode(form.suffix(3)):
            return currency
        default: return "must be a decimal number such as 12.30"
        }
    }

    /// The text with `0` for each run of digits.
    private static func form(of text: String) -> String {
        var form: [UInt8] = []
        for byte in text.utf8 {
            if !byte.isDigit {
                form.append(byte)
            } else if form.last != UInt8(ascii: "0") {
                form.append(UInt8(ascii: "0"))
            }
        }
        return String(decoding: form, as: UTF8.self)
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

/// The forms of prices in which each run of digits is one `0`.
extension StringProtocol {
    fileprivate func isAmount(_ characters: String) -> Bool { allSatisfy(characters.contains) }

    /// Such as `0.0,0` or `0 0`.
    fileprivate var hasGroups: Bool {
        count > 1 && count % 2 == 1
            && enumerated().allSatisfy { index, character in
                index % 2 == 0 ? character == "0" : " ,.'".contains(character)
            }
    }

    fileprivate var isScientific: Bool {
        let parts = split(
            maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: "eE".contains)
        return parts.count == 2 && ["0", "0.0"].contains(parts[0].droppingSign)
            && parts[1].droppingSign == "0"
    }

    private var droppingSign: String {
        String(first.map("+-".contains) == true ? dropFirst() : self[...])
    }

    /// Whether these are digits and separators, and `code` beside them three capitals.
    fileprivate func isAmountBesideCode(_ code: some StringProtocol) -> Bool {
        let blanks = filter { $0 == " " }.count
        let isBeside = blanks == 0 || blanks == 1 && (first == " " || last == " ")
        return isBeside && count > blanks && isAmount(" 0.,")
            && code.utf8.count == 3 && code.utf8.allSatisfy { 0x41...0x5A ~= $0 }
    }
}

extension UInt8 {
    /// Whether this is one of `0` to `9` in ASCII.
    fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
