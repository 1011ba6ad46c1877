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

    /// Where a store keeps the member.
    ///
    /// The last one has the member's name, and numbers are sorted by it.
    package var columns: [StoredColumn] {
        switch self {
        // The digits are what is unique and searched; the text is what is shown.
        case .value: [.text("digits"), .text(rawValue)]
        case .monthyPrice, .setupPrice: [.integer(rawValue)]
        case .currency: [.text(rawValue)]
        }
    }
}

extension NumberContent {
    /// Where a store keeps a content, in the order of ``storedValues`` and of ``init(from:)``.
    package static let columns = Member.allCases.flatMap(\.columns)

    package var storedValues: [StoredValue] { Member.allCases.flatMap(storedValues(of:)) }

    private func storedValues(of member: Member) -> [StoredValue] {
        switch member {
        case .value: [.text(value.digits), .text(value.formatted)]
        case .monthyPrice: [.integer(monthyPrice.tenThousandths)]
        case .setupPrice: [.integer(setupPrice.tenThousandths)]
        case .currency: [.text(currency.symbol)]
        }
    }

    /// Reads ``columns``, which were checked when they were stored.
    package init(from row: inout some StoredRow) throws {
        self.init(
            value: PhoneNumber(storedDigits: try row.text(), formatted: try row.text()),
            monthyPrice: Price(storedTenThousandths: try row.integer()),
            setupPrice: Price(storedTenThousandths: try row.integer()),
            currency: Currency(storedSymbol: try row.text()))
    }
}
