internal import CoreMetrics
internal import Synchronization

/// The values of a metric with the same labels.
protocol MetricSeries: AnyObject, Sendable {
    var samples: [MetricSample] { get }
}

/// A line of the text for Prometheus.
struct MetricSample {
    var suffix = ""
    /// The upper bound of a histogram's bucket; nil for other lines.
    var bound: Double?
    let value: Double
}

final class CounterSeries: MetricSeries, CounterHandler {
    private let value = Atomic<Int64>(0)

    var current: Int64 { value.load(ordering: .relaxed) }
    var samples: [MetricSample] { [MetricSample(value: Double(current))] }

    // In practice, an Int64 cannot overflow here.
    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }
}

final class GaugeSeries: MetricSeries, MeterHandler {
    private let bits = Atomic<UInt64>(Double.zero.bitPattern)

    var current: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
    var samples: [MetricSample] { [MetricSample(value: current)] }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func decrement(by amount: Double) { increment(by: -amount) }

    func increment(by amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, found) = bits.weakCompareExchange(
                expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = found
        }
    }
}

final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private let bounds: [Double]
    /// The counts of values between each bound and the one before it; the last element counts the
    /// values above all bounds.
    private let counts: [CounterSeries]
    private let sum = GaugeSeries()

    init?(_ kind: MetricDescription.Kind) {
        guard case .histogram(let bounds) = kind else { return nil }
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in CounterSeries() }
    }

    func record(_ value: Int64) { record(Double(value)) }
    // Prometheus counts time in seconds.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count].increment(by: 1)
        sum.increment(by: value)
    }

    var samples: [MetricSample] {
        var total = 0.0
        let buckets = zip(bounds + [.infinity], counts).map { bound, count in
            total += Double(count.current)
            return MetricSample(suffix: "_bucket", bound: bound, value: total)
        }
        // The count equals the last bucket, even if values are recorded meanwhile.
        return buckets + [
            MetricSample(suffix: "_sum", value: sum.current),
            MetricSample(suffix: "_count", value: total),
        ]
    }
}
