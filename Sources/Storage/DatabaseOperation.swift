internal import Logging

/// Measures the database's work for one call of a store's method. Logs the call if it is slow,
/// without its values, such as phone numbers.
package struct DatabaseOperation: Sendable {
    private static let slow = Duration.seconds(1)

    private let name: String
    /// The request's logger, so the line has the request id.
    private let logger: Logger

    /// - Parameter name: The `#function` of the store's method.
    package init(_ name: String) {
        self.name = name
        logger = Logger.current
    }

    /// Calls `body` and measures how long it takes; `body` must wait for the database only.
    package func measure<Value>(_ body: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        defer { note(since: start) }
        return try body()
    }

    package func note(since start: ContinuousClock.Instant) {
        let duration = ContinuousClock.now - start
        // Log nothing for a command, whose logger has no label: its output is for users.
        guard duration >= Self.slow, !logger.label.isEmpty else { return }
        logger.notice(
            "slow database operation",
            metadata: [
                "operation": "\(name)",
                "milliseconds": .stringConvertible(Int(duration / .milliseconds(1))),
            ])
    }
}
