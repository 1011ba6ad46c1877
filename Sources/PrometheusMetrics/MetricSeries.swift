internal import CoreMetrics
internal import Synchronization

/// The values of a metric with the same labels.
protocol MetricSeries: AnyObject, Sendable {
    func write(to text: inout MetricsText, name: String, labels: MetricLabels)
}

final class CounterSeries: MetricSeries, CounterHandler {
    private let value = Atomic<Int64>(0)

    var current: Int64 { value.load(ordering: .relaxed) }

    // It cannot overflow in practice.
    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }

    func write(to text: inout MetricsText, name: String, labels: MetricLabels) {
        text.line(name, labels, Double(current))
    }
}

final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let bits = Atomic<UInt64>(Double.zero.bitPattern)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
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

    func write(to text: inout MetricsText, name: String, labels: MetricLabels) {
        text.line(name, labels, value)
    }
}

final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private let bounds: [Double]
    /// The values between each bound and the one before it; the last counts those beyond all bounds.
    private let counts: [CounterSeries]
    private let sum = GaugeSeries()

    init(bounds: [Double]) {
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

    func write(to text: inout MetricsText, name: String, labels: MetricLabels) {
        var total: Int64 = 0
        for (bound, count) in zip(bounds + [.infinity], counts) {
            total += count.current
            text.line(
                name + "_bucket", labels.adding("le", MetricsText.number(bound)), Double(total))
        }
        text.line(name + "_sum", labels, sum.value)
        // The same as the last bucket, even if values are recorded meanwhile.
        text.line(name + "_count", labels, Double(total))
    }
}
