/// The members of a number that a client decides. This file is their only list: all other code uses
/// ``Member``, so the program compiles only when all code handles a new member.
package struct NumberContent: Equatable, Sendable {
    package var value: PhoneNumber
    /// The price per month. The agreed contract spells it this way.
    package var monthyPrice: Price
    package var setupPrice: Price
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

    /// The member's text in responses and files; reading the text gives the same value.
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
    package var price: WritableKeyPath<NumberContent, Price>? {
        switch self {
        case .monthyPrice: \.monthyPrice
        case .setupPrice: \.setupPrice
        case .value, .currency: nil
        }
    }

    package static let prices = allCases.filter { $0.price != nil }

    var example: String {
        switch self {
        case .value: "+55 84 91234-4321"
        case .monthyPrice, .setupPrice: "3.40"
        case .currency: "U$"
        }
    }
}
