/// What becomes of a price.
///
/// All of it is exact: no floating point number has a part in it.
package enum PriceAdjustment: Equatable, Sendable {
    /// How many decimal places a product is rounded to.
    package static let decimalsRange = 0...4

    case to(Price)
    /// Rounded once, half up, to so many decimal places; without `decimals` to as many as a price has.
    case times(PriceFactor, decimals: Int = decimalsRange.upperBound)
    case plus(PriceDifference)

    /// - Throws: ``InvalidValue`` where the outcome would be no price.
    func apply(to price: inout Price) throws(InvalidValue) {
        switch self {
        case .to(let other): price = other
        case .times(let factor, let decimals): price = try factor.product(price, decimals)
        case .plus(let difference): price = try difference.sum(price)
        }
    }
}

/// What a price is multiplied by: a decimal number, zero or more.
package struct PriceFactor: Equatable, Sendable {
    private static let mostDigits = 6

    /// The factor is this many of its last decimal place.
    private let units: Int64
    private let decimals: Int

    /// Whether a product is the price itself, unless it is rounded.
    var isOne: Bool { Int128(units) == Int128.powerOfTen(decimals) }

    /// Reads a decimal number such as `1.10`: `^\d{1,6}(\.\d{1,6})?$`.
    ///
    /// - Throws: ``InvalidValue`` with what is wrong, for a person.
    package init(_ text: String) throws(InvalidValue) {
        guard let number = DecimalText(text, mostDigits: Self.mostDigits) else {
            throw InvalidValue(
                """
                must be a decimal number such as 1.10, with up to six digits before and after the \
                point
                """)
        }
        units = number.units
        decimals = number.decimals
    }

    fileprivate func product(_ price: Price, _ decimals: Int) throws(InvalidValue) -> Price {
        // What a price may have at most times what a factor may have at most has 26 digits.
        let exact = Int128(price.tenThousandths) * Int128(units)
        let step = Int128.powerOfTen(4 - decimals)
        let divisor = Int128.powerOfTen(self.decimals) * step
        return try Price(tenThousandths: (exact * 2 + divisor) / (divisor * 2) * step)
    }
}

/// What is added to a price: a decimal number, which may be negative.
package struct PriceDifference: Equatable, Sendable {
    private let tenThousandths: Int64

    /// Reads a decimal number such as `0.05` or `-0.01`: `^[+-]?\d{1,9}(\.\d{1,4})?$`.
    ///
    /// - Throws: ``InvalidValue`` with what is wrong, for a person.
    package init(_ text: String) throws(InvalidValue) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let isSigned = isNegative || text.utf8.first == UInt8(ascii: "+")
        let digits = text.utf8.dropFirst(isSigned ? 1 : 0)
        guard digits.count <= Self.mostBytes,
            let price = try? Price(String(decoding: digits, as: UTF8.self))
        else {
            throw InvalidValue(
                """
                must be a decimal number such as 0.05 or -0.01, with up to nine digits before the \
                point and four after it
                """)
        }
        tenThousandths = isNegative ? -price.tenThousandths : price.tenThousandths
    }

    private static let mostBytes = 64

    fileprivate func sum(_ price: Price) throws(InvalidValue) -> Price {
        try Price(tenThousandths: Int128(price.tenThousandths + tenThousandths))
    }
}

extension Price {
    /// - Throws: ``InvalidValue`` where it is less than zero or more than the largest.
    fileprivate init(tenThousandths amount: Int128) throws(InvalidValue) {
        guard amount >= 0 else { throw InvalidValue("must not be negative") }
        guard amount <= Self.largest else { throw InvalidValue("must be 999999999.9999 at most") }
        self.init(storedTenThousandths: Int64(amount))
    }
}

extension Int128 {
    fileprivate static func powerOfTen(_ exponent: Int) -> Int128 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}

/// Digits with a point among them or none, read exactly.
private struct DecimalText {
    let units: Int64
    let decimals: Int

    /// Returns nil where it is anything else, or has more digits before the point or after it.
    init?(_ text: String, mostDigits: Int) {
        guard text.utf8.count <= mostDigits * 2 + 1 else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard parts.count <= 2,
            parts.allSatisfy({
                (1...mostDigits).contains($0.count) && $0.allSatisfy(digits.contains)
            }),
            let units = Int64(parts.map { String(decoding: $0, as: UTF8.self) }.joined())
        else { return nil }
        self.units = units
        decimals = parts.count == 2 ? parts[1].count : 0
    }
}
