/// How many numbers are priced in a currency.
package struct CurrencyCount: Equatable, Sendable {
    /// How many currencies are told of: no trade has as many, but a file that is imported may.
    package static let most = 1000

    package let currency: Currency
    /// One at least.
    package let count: Int

    package init(currency: Currency, count: Int) {
        self.currency = currency
        self.count = count
    }
}
