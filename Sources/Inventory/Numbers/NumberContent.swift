/// The members of a number that a client decides; the store assigns the id and the version.
///
/// This file is the only list of the members. All code that reads, writes, stores, compares or
/// sorts members uses ``Member``, so a new member does not compile until it is everywhere.
package struct NumberContent: Equatable, Sendable {
    package var value: PhoneNumber
    /// The price per month. The agreed contract spells it this way.
    package var monthyPrice: Price
    /// The price that is paid once.
    package var setupPrice: Price
    /// The currency of both prices.
    package var currency: Currency

    package init(value: PhoneNumber, monthyPrice: Price, setupPrice: Price, currency: Currency) {
        self.value = value
        self.monthyPrice = monthyPrice
        self.setupPrice = setupPrice
        self.currency = currency
    }
}

extension NumberContent {
    /// The members by their names in the API, in the order of responses and files.
    package enum Member: String, CaseIterable, Sendable {
        case value, monthyPrice, setupPrice, currency

        package static let names = allCases.map(\.rawValue)
    }

    /// The member in responses and files; reading the text gives the same value.
    package func text(of member: Member) -> String {
        switch member {
        case .value: value.formatted
        case .monthyPrice: monthyPrice.description
        case .setupPrice: setupPrice.description
        case .currency: currency.symbol
        }
    }
}

extension NumberContent.Member {
    /// Nil unless the member is a price, whose text has a decimal point.
    package var price: WritableKeyPath<NumberContent, Price>? {
        switch self {
        case .monthyPrice: \.monthyPrice
        case .setupPrice: \.setupPrice
        case .value, .currency: nil
        }
    }

    package static let prices = allCases.filter { $0.price != nil }

    /// A valid value for messages.
    var example: String {
        switch self {
        case .value: "+55 84 91234-4321"
        case .monthyPrice, .setupPrice: "3.40"
        case .currency: "U$"
        }
    }
}
