/// The declaration of a metric. Its name is the label of its values (`Counter(label:)`).
package struct MetricDescription: Sendable {
    package enum Kind: Equatable, Sendable {
        case counter
        case gauge
        /// Counts the values up to each of these ascending bounds.
        case histogram([Double])
    }

    package let name: String
    package let kind: Kind
    package let help: String

    package init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }
}
