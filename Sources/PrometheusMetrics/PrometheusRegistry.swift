package import CoreMetrics
internal import Synchronization

/// Keeps described metrics and writes them for Prometheus. It ignores all others, such as those of
/// libraries. Values are atomics, so counting never waits.
package final class PrometheusRegistry: MetricsFactory {
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// How many series a metric may have. The program uses far fewer.
    static let mostSeries = 2000

    private let descriptions: [MetricDescription]
    private let kinds: [String: MetricDescription.Kind]
    /// The series by the metric's name, and by the labels as they are written.
    private let series = Mutex<[String: [String: any MetricSeries]]>([:])

    /// - Parameter descriptions: The metrics, in the order in which ``text()`` writes them.
    package init(_ descriptions: [MetricDescription]) {
        self.descriptions = descriptions
        kinds = Dictionary(descriptions.map { ($0.name, $0.kind) }) { first, _ in first }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions) { $0 == .counter ? CounterSeries() : nil }
            ?? NOOPMetricsHandler.instance
    }

    /// The metric may also be a counter, if the total comes from elsewhere.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions) { $0 == .gauge || $0 == .counter ? GaugeSeries() : nil }
            ?? NOOPMetricsHandler.instance
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        series(label, dimensions, HistogramSeries.init) ?? NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, HistogramSeries.init) ?? NOOPMetricsHandler.instance
    }

    private func series<Series: MetricSeries>(
        _ name: String, _ labels: [(String, String)],
        _ make: (MetricDescription.Kind) -> Series?
    ) -> Series? {
        guard let kind = kinds[name] else { return nil }
        let labels = labels.map { "\($0)=\"\($1.escaped(quotes: true))\"" }.joined(separator: ",")
        return series.withLock { series in
            if let existing = series[name]?[labels] { return existing as? Series }
            guard series[name]?.count ?? 0 < Self.mostSeries, let new = make(kind) else {
                return nil
            }
            series[name, default: [:]][labels] = new
            return new
        }
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func remove(_ handler: AnyObject) {
        series.withLock { $0 = $0.mapValues { $0.filter { $0.value !== handler } } }
    }

    /// The format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
    package func text() -> String {
        // A copy, so that the creation of new series does not wait for the text.
        let series = series.withLock { $0 }
        var text = ""
        for description in descriptions {
            let ordered = (series[description.name] ?? [:]).sorted { $0.key < $1.key }
            if !ordered.isEmpty { text += description.head }
            for (labels, values) in ordered {
                for sample in values.samples {
                    text += sample.line(description.name, labels)
                }
            }
        }
        return text
    }
}

extension MetricDescription {
    fileprivate var head: String {
        let type =
            switch kind {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        return "# HELP \(name) \(help.escaped(quotes: false))\n# TYPE \(name) \(type)\n"
    }
}

extension MetricSample {
    /// A line such as `http_requests_total{method="GET",route="none"} 3`.
    fileprivate func line(_ name: String, _ labels: String) -> String {
        let bound = bound.map { "le=\"\(Self.number($0))\"" } ?? ""
        let labels = [labels, bound].filter { !$0.isEmpty }.joined(separator: ",")
        return name + suffix + (labels.isEmpty ? "" : "{\(labels)}") + " \(Self.number(value))\n"
    }

    private static func number(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        if value == -.infinity { return "-Inf" }
        if value.isNaN { return "NaN" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }
}

extension String {
    fileprivate func escaped(quotes: Bool) -> String {
        unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += #"\\"#
            case "\n": text += #"\n"#
            case "\"" where quotes: text += #"\""#
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
