/// Which numbers of the inventory: those of which all of this is true.
package struct NumberFilter: Equatable, Sendable {
    package var search: Search
    /// What the number starts with.
    package var prefix: DigitPrefix?
    package var currency: Currency?
    /// Between which amounts a price lies, both of them included; all amounts where it is not here.
    package var prices: [NumberContent.Member: ClosedRange<Price>]

    package init(
        search: Search = .all, prefix: DigitPrefix? = nil, currency: Currency? = nil,
        prices: [NumberContent.Member: ClosedRange<Price>] = [:]
    ) {
        self.search = search
        self.prefix = prefix
        self.currency = currency
        self.prices = prices
    }

    /// Whether nothing is demanded but a currency, if that: stores keep count of those.
    package var isOfCurrencyAlone: Bool { search == .all && isOfSearchAndCurrencyAlone }

    /// Whether nothing is demanded but digits and a currency, so that there are few such queries but
    /// for their values.
    package var isOfSearchAndCurrencyAlone: Bool { prefix == nil && prices.isEmpty }

    /// The ranges of ``prices``, in the order of the members.
    package var priceRanges: [(member: NumberContent.Member, range: ClosedRange<Price>)] {
        NumberContent.Member.allCases.compactMap { member in
            prices[member].map { (member, $0) }
        }
    }
}
