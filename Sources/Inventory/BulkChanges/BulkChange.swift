/// A change of many numbers at once. It changes either all of them or none.
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

    package var kind: Change.Kind { action == .delete ? .deleteMany : .changeMany }
}

package enum Selection: Equatable, Sendable {
    package static let most = 100_000

    case ids([Int64])
    case matching(NumberFilter)
    case all
}

/// New values for members; members that are not listed stay the same.
package struct Adjustments: Equatable, Sendable {
    var prices: [NumberContent.Member: PriceAdjustment] = [:]
    var currency: Currency?

    func applied(to content: NumberContent) -> (content: NumberContent, errors: [FieldError]) {
        var (content, errors) = (content, [FieldError]())
        content.currency = currency ?? content.currency
        for member in NumberContent.Member.prices {
            guard let price = member.price, let adjustment = prices[member] else { continue }
            do {
                try adjustment.apply(to: &content[keyPath: price])
            } catch {
                errors.append(FieldError(error, of: member.rawValue))
            }
        }
        return (content, errors)
    }
}

package enum BulkOutcome: Equatable, Sendable {
    case changed(Change)
    case unchanged(BulkPreview)
}
