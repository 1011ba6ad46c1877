/// One metric, declared once: its name, what its values are, and what it tells.
///
/// Its name is the label that its values are made with (`Counter(label:)`).
package struct MetricDescription: Sendable {
    package enum Kind: Equatable, Sendable {
        /// A count, which only grows until the program starts anew.
        case counter
        case gauge
        /// How many values were at most as large as each of these bounds, which are given in order.
        case histogram([Double])
    }

    package let name: String
    package let kind: Kind
    /// A sentence for whoever reads the metric's name in a dashboard.
    package let help: String

    package init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }
}
