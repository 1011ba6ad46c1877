/// The result of an import, or why it changed nothing.
package struct ImportReport: Equatable, Sendable {
    /// How many errors are listed by default; at most ``mostCounted``.
    package static let mostErrors = 100
    /// How many errors are counted before reading stops.
    package static let mostCounted = 10_000
    /// How many rows of each outcome are examples.
    package static let mostExamples = 50

    package internal(set) var rows = 0
    package internal(set) var created = 0
    package internal(set) var changed = 0
    package internal(set) var unchanged = 0
    /// At most ``mostCounted``. If there is an error, the import changes nothing.
    package internal(set) var errorCount = 0
    /// The line of the last counted error, if reading stopped there.
    package internal(set) var stoppedAtLine: Int?
    /// The first errors, in the order of their lines.
    package internal(set) var errors: [ImportError] = []
    /// The first rows of each outcome in a dry run, in the order of their lines.
    package internal(set) var examples: [ImportExample] = []
    /// The id of the recorded change; nil if nothing was changed.
    package internal(set) var change: Int64?

    package var errorCountText: String {
        guard let stoppedAtLine else {
            return errorCount == 1 ? "an error" : "\(errorCount) errors"
        }
        return "at least \(errorCount) errors up to line \(stoppedAtLine), where reading stopped"
    }
}

package struct ImportError: Equatable, Sendable {
    package let line: Int
    package let error: FieldError
    /// The row's phone number as the file writes it, if it has one.
    package let number: String?
    /// The text of the invalid member, if the error is about one that the row has.
    package let content: String?

    package init(line: Int, error: FieldError, number: String? = nil, content: String? = nil) {
        self.line = line
        self.error = error
        self.number = number
        self.content = content
    }
}

/// The effect of a row.
package struct ImportExample: Equatable, Sendable {
    package enum Outcome: String, Sendable {
        case created, changed, unchanged
    }

    package let line: Int
    /// Nil for a new number.
    package let before: NumberContent?
    package let after: NumberContent

    package var outcome: Outcome {
        before == nil ? .created : before == after ? .unchanged : .changed
    }
}
