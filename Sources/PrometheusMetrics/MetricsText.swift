/// The text format of Prometheus
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
struct MetricsText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    mutating func head(_ description: MetricDescription) {
        let type =
            switch description.kind {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        let help = description.help.escaped(quotes: false)
        text += "# HELP \(description.name) \(help)\n# TYPE \(description.name) \(type)\n"
    }

    mutating func line(_ name: String, _ labels: MetricLabels, _ value: Double) {
        text += "\(name)\(labels) \(Self.number(value))\n"
    }

    static func number(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        if value == -.infinity { return "-Inf" }
        if value.isNaN { return "NaN" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }
}

/// The labels of a series, written as `{method="GET",route="none"}`.
struct MetricLabels: Hashable, CustomStringConvertible {
    private let pairs: String

    init(_ labels: [(String, String)]) {
        pairs = labels.map(Self.pair).joined(separator: ",")
    }

    private init(pairs: String) {
        self.pairs = pairs
    }

    var description: String { pairs.isEmpty ? "" : "{\(pairs)}" }

    func adding(_ name: String, _ value: String) -> MetricLabels {
        let pair = Self.pair(name, value)
        return MetricLabels(pairs: pairs.isEmpty ? pair : pairs + "," + pair)
    }

    private static func pair(_ name: String, _ value: String) -> String {
        "\(name)=\"\(value.escaped(quotes: true))\""
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
