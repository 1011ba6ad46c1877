package import CoreMetrics
internal import Synchronization

/// Keeps the values of described metrics, and writes them for Prometheus.
///
/// It ignores metrics that are not described, such as those of libraries. Values are atomics, so
/// counting never waits.
package final class PrometheusRegistry: MetricsFactory {
    /// Bounds the series of a metric. The program uses far fewer labels.
    static let mostSeries = 2000

    private let descriptions: [MetricDescription]
    private let kinds: [String: MetricDescription.Kind]
    private let series = Mutex<[String: [MetricLabels: any MetricSeries]]>([:])

    /// - Parameter descriptions: In the order of the text.
    package init(_ descriptions: [MetricDescription]) {
        self.descriptions = descriptions
        kinds = Dictionary(descriptions.map { ($0.name, $0.kind) }) { first, _ in first }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        kept(label, dimensions) { $0 == .counter ? CounterSeries() : nil }
            ?? NOOPMetricsHandler.instance
    }

    /// The metric may also be a counter, if the total comes from elsewhere.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        kept(label, dimensions) { $0 == .gauge || $0 == .counter ? GaugeSeries() : nil }
            ?? NOOPMetricsHandler.instance
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        kept(label, dimensions, HistogramSeries.init) ?? NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        kept(label, dimensions, HistogramSeries.init) ?? NOOPMetricsHandler.instance
    }

    /// Returns the series of these labels, or a new one; nil if the metric is not described.
    private func kept<Series: MetricSeries>(
        _ name: String, _ labels: [(String, String)],
        _ make: (MetricDescription.Kind) -> Series?
    ) -> Series? {
        guard let kind = kinds[name] else { return nil }
        let labels = MetricLabels(labels)
        return series.withLock { series in
            if let kept = series[name]?[labels] { return kept as? Series }
            guard series[name]?.count ?? 0 < Self.mostSeries, let made = make(kind) else {
                return nil
            }
            series[name, default: [:]][labels] = made
            return made
        }
    }

    package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

    private func forget(_ handler: AnyObject) {
        series.withLock { series in
            for name in series.keys {
                guard let place = series[name]?.firstIndex(where: { $0.value === handler }) else {
                    continue
                }
                series[name]?.remove(at: place)
                return
            }
        }
    }

    package static let mediaType = MetricsText.mediaType

    /// The current values.
    package func text() -> String {
        // A copy, so that new series do not wait.
        let series = series.withLock { $0 }
        var text = MetricsText()
        for description in descriptions {
            guard let kept = series[description.name], !kept.isEmpty else { continue }
            text.head(description)
            let ordered = kept.map { (labels: $0, values: $1) }
                .sorted { $0.labels.description < $1.labels.description }
            for (labels, values) in ordered {
                values.write(to: &text, name: description.name, labels: labels)
            }
        }
        return text.text
    }
}

extension HistogramSeries {
    fileprivate convenience init?(_ kind: MetricDescription.Kind) {
        guard case .histogram(let bounds) = kind else { return nil }
        self.init(bounds: bounds)
    }
}
