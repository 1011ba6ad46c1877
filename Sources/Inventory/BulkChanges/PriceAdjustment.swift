/// A change of a price, computed exactly, without floating point.
package enum PriceAdjustment: Equatable, Sendable {
    package static let decimalsRange = 0...4

    case to(Price)
    /// The product is rounded once, half up. By default it has as many decimals as a price may
    /// have.
    case times(PriceFactor, decimals: Int = decimalsRange.upperBound)
    case plus(PriceDifference)

    func apply(to price: inout Price) throws(InvalidValue) {
        switch self {
        case .to(let other): price = other
        case .times(let factor, let decimals): price = try factor.product(price, decimals)
        case .plus(let difference): price = try difference.sum(price)
        }
    }
}

/// A decimal number, zero or more.
package struct PriceFactor: Equatable, Sendable {
    private static let mostDigits = 6

    /// The factor is `units` times 10 to the power of `-decimals`.
    private let units: Int64
    private let decimals: Int

    var isOne: Bool { Int128(units) == Int128.powerOfTen(decimals) }

    /// Reads a number such as `1.10`: `^\d{1,6}(\.\d{1,6})?$`.
    package init(_ text: String) throws(InvalidValue) {
        guard text.utf8.count <= 2 * Self.mostDigits + 1, let number = DecimalDigits(text),
            number.whole.utf8.count <= Self.mostDigits,
            number.fraction.utf8.count <= Self.mostDigits,
            let units = Int64(number.whole + number.fraction)
        else {
            throw InvalidValue(
                """
                must be a decimal number such as 1.10, with up to six digits before and after the \
                point
                """)
        }
        self.units = units
        decimals = number.fraction.utf8.count
    }

    fileprivate func product(_ price: Price, _ decimals: Int) throws(InvalidValue) -> Price {
        // The largest price times the largest factor has 26 digits.
        let exact = Int128(price.tenThousandths) * Int128(units)
        let step = Int128.powerOfTen(4 - decimals)
        let divisor = Int128.powerOfTen(self.decimals) * step
        return try Price(tenThousandths: (exact * 2 + divisor) / (divisor * 2) * step)
    }
}

/// A decimal number, which may be negative.
package struct PriceDifference: Equatable, Sendable {
    private static let mostBytes = 64

    private let tenThousandths: Int64

    /// Reads a number such as `0.05` or `-0.01`: `^[+-]?\d{1,9}(\.\d{1,4})?$`.
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

    fileprivate func sum(_ price: Price) throws(InvalidValue) -> Price {
        try Price(tenThousandths: Int128(price.tenThousandths + tenThousandths))
    }
}

extension Price {
    fileprivate init(tenThousandths amount: Int128) throws(InvalidValue) {
        guard amount >= 0 else { throw InvalidValue("must not be negative") }
        guard amount <= Self.greatest.tenThousandths else {
            throw InvalidValue("must be \(Self.greatest) at most")
        }
        self.init(storedTenThousandths: Int64(amount))
    }
}

extension Int128 {
    fileprivate static func powerOfTen(_ exponent: Int) -> Int128 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}
