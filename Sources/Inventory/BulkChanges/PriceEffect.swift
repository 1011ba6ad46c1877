/// The effect of a ``PriceAdjustment`` on one price of many numbers.
package struct PriceEffect: Equatable, Sendable {
    package private(set) var changed = 0
    package private(set) var unchangedByRounding = 0
    package private(set) var unchangedZero = 0
    /// The range of relative changes, in hundredths of a percent, each rounded once, half away from
    /// zero; nil if only zero prices change.
    package private(set) var change: ClosedRange<Int64>?

    mutating func add(_ adjustment: PriceAdjustment, from old: Price, to new: Price) {
        if new != old {
            changed += 1
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
        let range = change ?? percent...percent
        change = min(range.lowerBound, percent)...max(range.upperBound, percent)
    }
}
