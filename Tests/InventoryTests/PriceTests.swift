import Inventory
import Testing

@Suite struct PriceTests {
    private static let negative = "must not be negative"
    private static let separator = "must have digits before and after the decimal separator"
    private static let zero = "is what accounting formats show for zero: write 0.00"
    private static let grouped = "must not contain thousands separators"
    private static let unknown = "must be a decimal number such as 12.30"
    private static let currency = "must not contain a currency: it belongs in currency"

    @Test(arguments: [
        ("0", "0.00"), ("0.00", "0.00"), ("3", "3.00"), ("3.4", "3.40"), ("3.40", "3.40"),
        ("0.035", "0.035"), ("0.0350", "0.035"), ("0.0001", "0.0001"), ("12.3456", "12.3456"),
        ("00012.30", "12.30"), ("999999999.9999", "999999999.9999"), ("100.10", "100.10"),
    ])
    func hasACanonicalText(text: String, canonical: String) throws {
        #expect(try Price(text).description == canonical)
    }

    @Test(arguments: [
        ("-0.01", negative), ("-0", negative), ("-0.00", negative), ("-3.40", negative),
        ("-1,5", negative), ("- 3.40", negative), ("3.40-", negative), ("\u{2212}1", negative),
        (
            "(3.40)",
            "is what accounting formats show for a negative amount: it must not be negative"
        ),
        (",5", separator), (".5", separator), ("5,", separator), ("5.", separator),
        ("-", zero), (" U$ -   ", zero), ("- €", zero), ("R$ \u{2013}", zero), ("EUR -", zero),
        ("2,22", "must use a dot as the decimal separator: 2.22"), ("1.234,56", grouped),
        ("1,234.56", grouped), ("1,234", grouped), ("1 000", grouped), ("1.000.000", grouped),
        ("1e3", "must not use scientific notation"), ("1.5E-3", "must not use scientific notation"),
        ("NaN", unknown), ("Infinity", unknown), ("0x10", unknown), ("½", unknown),
        ("3.40abc", unknown),
        ("+1.00", "must be written without a + sign"), (" 3.40", "must be written without blanks"),
        ("3.40 ", "must be written without blanks"), ("U$ 3.40", currency), ("3.40 €", currency),
        ("BRL 3.40", currency), ("٣.٤٠", "must use the digits 0-9"),
        ("３.40", "must use the digits 0-9"), ("3.40\u{200B}", "contains an invisible character"),
        ("3.40\u{0}", "contains an invisible character"),
        ("0.00001", "has 5 decimal places; 4 at most"),
        ("0.03500", "has 5 decimal places; 4 at most"),
        ("1234567890.00", "must be 999999999.9999 at most"),
        ("99999999999999999999999999", "must be 999999999.9999 at most"), ("", "must not be empty"),
        ("   ", "must not be empty"),
    ])
    func isRefused(text: String, reason: String) {
        #expect(throws: InvalidValue(reason)) { try Price(text) }
    }

    @Test func sortsByAmount() throws {
        let prices = try ["100.00", "9.00", "10.00"].map { try Price($0) }
        #expect(prices.sorted().map(\.description) == ["9.00", "10.00", "100.00"])
    }

    @Test func textIsReadAsTheSamePrice() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100_000 {
            let price = Price(
                storedTenThousandths: .random(in: 0...Price.greatest.tenThousandths, using: &random)
            )
            #expect(try Price(price.description) == price)
        }
    }
}
