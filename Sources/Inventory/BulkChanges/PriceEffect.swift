/// The effect of a ``PriceAdjustment`` on one price of many numbers.
package struct PriceEffect: Equatable, Sendable {
    package private(set) var changed = 0
    package private(set) var unchangedByRounding = 0
    package private(set) var unchangedZero = 0
    /// The range of relative changes, in hundredths of a percent, each rounded once, half away from
    /// zero; nil if only zero prices change.
    package private(set) var change: ClosedRange<Int64>?
    /// The prices that change, before and after it; nil if none changes.
    package private(set) var before: ClosedRange<Price>?
    package private(set) var after: ClosedRange<Price>?

    mutating func add(_ adjustment: PriceAdjustment, from old: Price, to new: Price) {
        if new != old {
            changed += 1
            before = before.widened(to: old)
            after = after.widened(to: new)
            if old != .zero { widenChange(from: old, to: new) }
        } else if case .times(let factor, _) = adjustment {
            if old == .zero {
                unchangedZero += 1
            } else if !factor.isOne {
                unchangedByRounding += 1
            }
        }
    }

    private mutating func widenChange(from old: Price, to new: Price) {
        let difference = new.tenThousandths - old.tenThousandths
        // A price has up to 13 digits, so the numerator has up to 18.
        let size =
            (difference.magnitude * 20_000 + old.tenThousandths.magnitude)
            / (old.tenThousandths.magnitude * 2)
        let percent = difference < 0 ? -Int64(size) : Int64(size)
        change = change.widened(to: percent)
    }
}

extension Optional {
    fileprivate func widened<Bound>(to value: Bound) -> Wrapped
    where Wrapped == ClosedRange<Bound> {
        map { min($0.lowerBound, value)...max($0.upperBound, value) } ?? value...value
    }
}
