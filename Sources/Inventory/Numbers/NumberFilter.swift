/// Conditions for numbers, all of which must be true.
package struct NumberFilter: Equatable, Sendable {
    /// The ids of the numbers, at least one; nil for all.
    package var ids: [Int64]?
    package var search: Search
    package var prefix: DigitPrefix?
    package var suffix: DigitSuffix?
    package var currency: Currency?
    /// The ranges of prices, including both bounds. A price that is not listed may have any value.
    package var prices: [NumberContent.Member: ClosedRange<Price>]

    package init(
        ids: [Int64]? = nil, search: Search = .all, prefix: DigitPrefix? = nil,
        suffix: DigitSuffix? = nil, currency: Currency? = nil,
        prices: [NumberContent.Member: ClosedRange<Price>] = [:]
    ) {
        self.ids = ids
        self.search = search
        self.prefix = prefix
        self.suffix = suffix
        self.currency = currency
        self.prices = prices
    }

    /// Whether the stored counts of numbers in each currency suffice to count the matches.
    package var isOfCurrencyAlone: Bool { search == .all && isOfSearchAndCurrencyAlone }

    /// Whether the SQL of such filters has few variants, so that stores can cache it.
    package var isOfSearchAndCurrencyAlone: Bool {
        ids == nil && prefix == nil && suffix == nil && prices.isEmpty
    }

    package var priceRanges: [(member: NumberContent.Member, range: ClosedRange<Price>)] {
        NumberContent.Member.allCases.compactMap { member in
            prices[member].map { (member, $0) }
        }
    }
}

extension NumberFilter {
    package static let names =
        ["q", "prefix", "suffix", "currency"]
        + NumberContent.Member.prices.flatMap { [$0.rawValue + "From", $0.rawValue + "To"] }

    /// - Parameter error: The error if a text has no digits; nil to ignore such a text.
    package init(_ reader: inout ObjectReader, withoutDigits error: InvalidValue? = nil) {
        self.init()
        search =
            reader.read("q") { text throws(InvalidValue) in
                let search = Search(text)
                if search == .all, let error { throw error }
                return search
            } ?? .all
        prefix =
            reader.read("prefix", example: "5584") { text throws(InvalidValue) in
                let prefix = try DigitPrefix(text)
                if prefix == nil, let error { throw error }
                return prefix
            } ?? nil
        suffix =
            reader.read("suffix", example: "4321") { text throws(InvalidValue) in
                let suffix = try DigitSuffix(text)
                if suffix == nil, let error { throw error }
                return suffix
            } ?? nil
        currency = reader.read("currency", example: "U$", Currency.init(_:))
        for member in NumberContent.Member.prices {
            prices[member] = reader.range(of: member.rawValue)
        }
    }
}

extension ObjectReader {
    fileprivate mutating func range(of price: String) -> ClosedRange<Price>? {
        let (lower, upper) = (price + "From", price + "To")
        let from = read(lower, example: "3.40", plural: "prices", Price.init(_:))
        let to = read(upper, example: "3.40", plural: "prices", Price.init(_:))
        guard from != nil || to != nil else { return nil }
        let (least, most) = (from ?? .zero, to ?? .greatest)
        guard least <= most else {
            note(lower, "must not be greater than \(upper), which is \(most)")
            return nil
        }
        return least...most
    }
}
