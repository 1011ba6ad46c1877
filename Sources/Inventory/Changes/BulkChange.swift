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

/// What becomes of the members of each number; those that are nil stay as they are.
package struct Adjustments: Equatable, Sendable {
    package var monthyPrice: PriceAdjustment?
    package var setupPrice: PriceAdjustment?
    package var currency: Currency?

    package init(
        monthyPrice: PriceAdjustment? = nil, setupPrice: PriceAdjustment? = nil,
        currency: Currency? = nil
    ) {
        self.monthyPrice = monthyPrice
        self.setupPrice = setupPrice
        self.currency = currency
    }

    /// `content` with the adjustments, and what is wrong with those that are impossible.
    func applied(to content: NumberContent) -> (content: NumberContent, faults: [Fault]) {
        var (content, faults) = (content, [Fault]())
        for member in NumberContent.Member.allCases {
            do {
                switch member {
                // A phone number is one number's alone.
                case .value: break
                case .monthyPrice: try monthyPrice?.apply(to: &content.monthyPrice)
                case .setupPrice: try setupPrice?.apply(to: &content.setupPrice)
                case .currency: content.currency = currency ?? content.currency
                }
            } catch {
                faults.append(Fault(field: member.rawValue, detail: error.reason))
            }
        }
        return (content, faults)
    }
}
