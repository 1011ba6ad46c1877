import Testing

@testable import Inventory

@Suite struct PriceAdjustmentTests {
    @Test(
        arguments: [
            // Rounds half up.
            ("0.03", "1.5", 2, "0.05"), ("0.03", "1.4", 2, "0.04"), ("0.01", "0.5", 2, "0.01"),
            ("0.01", "0.499999", 2, "0.00"), ("10.00", "1.10", 2, "11.00"),
            ("3.4999", "1", 2, "3.50"), ("3.4949", "1", 2, "3.49"), ("3.4999", "1", 4, "3.4999"),
            ("0.0001", "0.5", 4, "0.0001"), ("0.0001", "0.499999", 4, "0.00"),
            ("0.03", "1.1", 4, "0.033"), ("0.0333", "1.1", 4, "0.0366"),
            // The price is rounded once: from 0.4445 to whole units, not through 0.445 and 0.45.
            ("0.4445", "1", 0, "0.00"), ("0.50", "1", 0, "1.00"), ("0.45", "1", 1, "0.50"),
            // Binary floating point gets these wrong.
            ("1.005", "1", 2, "1.01"), ("0.07", "100", 2, "7.00"), ("1.15", "100", 0, "115.00"),
            ("999999999.9999", "1", 4, "999999999.9999"), ("999999999.9999", "0", 2, "0.00"),
            ("0.0001", "999999.999999", 4, "100.00"),
            ("999999.00", "000001.000000", 2, "999999.00"),
        ])
    func multiplies(price: String, factor: String, decimals: Int, product: String) throws {
        let adjustment = PriceAdjustment.times(try PriceFactor(factor), decimals: decimals)
        #expect(try adjusted(price, adjustment) == product)
    }

    @Test(
        arguments: [
            ("0.03", "0.02", "0.05"), ("0.03", "+0.02", "0.05"), ("0.03", "-0.03", "0.00"),
            ("0.03", "-0.0001", "0.0299"), ("0.00", "999999999.9999", "999999999.9999"),
        ])
    func adds(price: String, difference: String, sum: String) throws {
        #expect(try adjusted(price, .plus(try PriceDifference(difference))) == sum)
    }

    @Test func setsAnotherPriceAndMultipliesWithFourDecimalsByDefault() throws {
        #expect(try adjusted("0.03", .to(try Price("7"))) == "7.00")
        #expect(try adjusted("0.99", .times(try PriceFactor("1.10"))) == "1.089")
    }

    @Test func refusesResultsOutOfRange() throws {
        let negative = PriceAdjustment.plus(try PriceDifference("-0.04"))
        #expect(throws: InvalidValue("must not be negative")) { try adjusted("0.0399", negative) }
        let tooLarge = InvalidValue("must be 999999999.9999 at most")
        for adjustment in [
            PriceAdjustment.plus(try PriceDifference("0.0001")),
            .plus(try PriceDifference("999999999.9999")),
            .times(try PriceFactor("1.000001"), decimals: 4),
            .times(try PriceFactor("999999.999999"), decimals: 0),
            // Rounding up exceeds the greatest price.
            .times(try PriceFactor("1"), decimals: 2),
        ] {
            #expect(throws: tooLarge) { try adjusted("999999999.9999", adjustment) }
        }
    }

    @Test(
        arguments: [
            "", " ", ".", "1.", ".5", "-1", "+1", "1,5", "1e3", "1.0000001", "1234567", "0x1", "１",
            "1 ", "1.1.1", "NaN", String(repeating: "1", count: 100_000),
        ])
    func refusesInvalidFactors(text: String) {
        #expect(throws: InvalidValue.self) { try PriceFactor(text) }
    }

    @Test(
        arguments: [
            "", "-", "+", "--1", "+-1", " 1", "1.00001", "1234567890", "-1e3", "−1", "1,5",
            "-" + String(repeating: "1", count: 100_000),
        ])
    func refusesInvalidDifferences(text: String) {
        #expect(throws: InvalidValue.self) { try PriceDifference(text) }
    }

    private func adjusted(_ text: String, _ adjustment: PriceAdjustment) throws -> String {
        var price = try Price(text)
        try adjustment.apply(to: &price)
        return price.description
    }
}
