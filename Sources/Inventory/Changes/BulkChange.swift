/// What somebody wants to do to many numbers at once, all of it or nothing.
package struct BulkChange: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        case delete
        case set(Adjustments)
    }

    package let selection: Selection
    package let action: Action

    package init(_ selection: Selection, _ action: Action) {
        self.selection = selection
        self.action = action
    }

    /// What is recorded of it.
    package var kind: Change.Kind { action == .delete ? .deleteMany : .changeMany }
}

/// What becomes of the members of each number; those of which nothing is said stay as they are.
package struct Adjustments: Equatable, Sendable {
    package var prices: [NumberContent.Member: PriceAdjustment]
    package var currency: Currency?

    package init(
        prices: [NumberContent.Member: PriceAdjustment] = [:], currency: Currency? = nil
    ) {
        self.prices = prices
        self.currency = currency
    }

    /// `content` with the adjustments, and what is wrong with those that are impossible.
    func applied(to content: NumberContent) -> (content: NumberContent, errors: [FieldError]) {
        var (content, errors) = (content, [FieldError]())
        for member in NumberContent.Member.allCases {
            do {
                switch member.kind {
                // A phone number is one number's alone.
                case .number: break
                case .price(let price): try prices[member]?.apply(to: &content[keyPath: price])
                case .currency: content.currency = currency ?? content.currency
                }
            } catch {
                errors.append(FieldError(field: member.rawValue, detail: error.reason))
            }
        }
        return (content, errors)
    }
}
