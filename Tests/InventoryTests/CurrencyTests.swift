import Inventory
import Testing

@Suite struct CurrencyTests {
    private static let unknown = "must be an ISO 4217 code such as BRL or a sign such as U$"

    @Test(arguments: ["U$", "R$", "US$", "€", "£", "BRL", "USD", "A$", "₿"], ["", " "])
    func blanksAreRemoved(symbol: String, blank: String) throws {
        #expect(try Currency(blank + symbol + blank).symbol == symbol)
    }

    @Test(arguments: [
        ("", "must not be empty"),
        (" ", "must not be empty"),
        ("U$1", "must not contain digits"),
        ("12", "must not contain digits"),
        ("banana", unknown), ("DOLLARS", unknown), ("ABCD$", unknown), ("QQQ", unknown),
        // The Deutsche Mark, and "no currency".
        ("DEM", unknown), ("XXX", unknown),
        ("brl", "must be written in capitals: BRL"),
        ("<b>", "may contain letters and currency signs only"),
        ("🇧🇷", "may contain letters and currency signs only"),
        ("U $", "may contain letters and currency signs only"),
        ("U\n$", "contains an invisible character"),
        ("U\u{200B}$", "contains an invisible character"),
        ("U\u{0}$", "contains a NUL character"), (String(repeating: "$", count: 60_000), unknown),
    ])
    func isRefused(text: String, reason: String) {
        #expect(throws: InvalidValue(reason)) { try Currency(text) }
    }
}
