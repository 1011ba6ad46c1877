internal import Logging

/// What a store does for a request, by the name of the store's method: where the database takes long
/// for it, the log tells so.
///
/// It never tells what it was asked for: values belong to those who asked.
package struct DatabaseOperation: Sendable {
    /// How long the database may take before the log tells of it.
    private static let slow = Duration.seconds(1)

    private let name: String
    /// It is the request's, so that the line has its id.
    private let logger: Logger

    /// - Parameter name: As `#function` tells it.
    package init(_ name: String) {
        self.name = name
        logger = Logger.current
    }

    /// Calls `body`, which waits for nothing but the database.
    package func measure<Value>(_ body: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        defer { note(since: start) }
        return try body()
    }

    /// Notes that the database has worked on it from `start` until now.
    package func note(since start: ContinuousClock.Instant) {
        let duration = ContinuousClock.now - start
        // Without a name it is no server's, but that of a command, whose output is for people.
        guard duration >= Self.slow, !logger.label.isEmpty else { return }
        logger.notice(
            "slow database operation",
            metadata: [
                "operation": "\(name)",
                "milliseconds": .stringConvertible(Int(duration / .milliseconds(1))),
            ])
    }
}
