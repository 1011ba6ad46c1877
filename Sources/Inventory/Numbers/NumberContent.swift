/// What a client decides about a number: all of it but the id and the version, which the store
/// gives.
///
/// This file is the one list of the members. Whatever tells, reads, keeps, compares or sorts them
/// goes through ``Member``, so that a member that is new there does not compile until it is
/// everywhere.
package struct NumberContent: Equatable, Sendable {
    package var value: PhoneNumber
    /// What the number costs each month.
    ///
    /// The spelling is the agreed contract.
    package var monthyPrice: Price
    /// What the number costs once.
    package var setupPrice: Price
    /// What both prices are counted in.
    package var currency: Currency

    package init(value: PhoneNumber, monthyPrice: Price, setupPrice: Price, currency: Currency) {
        self.value = value
        self.monthyPrice = monthyPrice
        self.setupPrice = setupPrice
        self.currency = currency
    }
}

extension NumberContent {
    /// The members by their names in the contract, in the order in which they are told.
    package enum Member: String, CaseIterable, Sendable {
        case value, monthyPrice, setupPrice, currency
    }

    /// The member as it is told; what reads it takes this text for the same value.
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
    /// What a member is, for what is done to all members of a kind.
    package enum Kind {
        case number, currency
        /// An amount, whose text has a decimal point.
        case price(WritableKeyPath<NumberContent, Price>)
    }

    package var kind: Kind {
        switch self {
        case .value: .number
        case .monthyPrice: .price(\.monthyPrice)
        case .setupPrice: .price(\.setupPrice)
        case .currency: .currency
        }
    }

    /// Where a content has the price; nil of what is no price.
    package var price: WritableKeyPath<NumberContent, Price>? {
        if case .price(let path) = kind { path } else { nil }
    }

    package static let prices = allCases.filter { $0.price != nil }
}
