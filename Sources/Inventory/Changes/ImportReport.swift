/// What an import has done, or why it has done nothing.
package struct ImportReport: Equatable, Sendable {
    /// How many errors are listed.
    package static let mostErrors = 100
    /// How many errors are counted; then the rest of the file is not read.
    package static let mostCounted = 10_000

    package internal(set) var rows: Int
    package internal(set) var created: Int
    package internal(set) var changed: Int
    package internal(set) var unchanged: Int
    /// How many errors there are, up to ``mostCounted``: with one, nothing is done.
    package internal(set) var errorCount: Int
    /// The line of the last error that was counted, if the rest of the file was not read.
    package internal(set) var stoppedAtLine: Int?
    /// The first of them, in the order in which they were found.
    package internal(set) var errors: [ImportError]
    /// What it is recorded as; nil where nothing was done.
    package internal(set) var change: Int64?

    package init(
        rows: Int = 0, created: Int = 0, changed: Int = 0, unchanged: Int = 0,
        errorCount: Int = 0, stoppedAtLine: Int? = nil, errors: [ImportError] = [],
        change: Int64? = nil
    ) {
        self.rows = rows
        self.created = created
        self.changed = changed
        self.unchanged = unchanged
        self.errorCount = errorCount
        self.stoppedAtLine = stoppedAtLine
        self.errors = errors
        self.change = change
    }
}

extension ImportReport {
    /// How many errors the file has, in a sentence.
    package var errorCountText: String {
        guard let stoppedAtLine else {
            return errorCount == 1 ? "an error" : "\(errorCount) errors"
        }
        return "at least \(errorCount) errors up to line \(stoppedAtLine), where reading stopped"
    }
}

/// What is wrong with one row of a file.
package struct ImportError: Equatable, Sendable {
    package let line: Int
    package let error: FieldError

    package init(line: Int, error: FieldError) {
        self.line = line
        self.error = error
    }
}
