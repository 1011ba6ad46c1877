internal import Metrics

package struct StoreMetrics: Sendable {
    /// Why the database fails to execute a correct request.
    package enum Failure: String, CaseIterable, Sendable {
        /// The request waited too long, in a queue or for a lock of another transaction.
        case busy
        /// The statement took too long.
        case interrupted
        /// For example, there is no connection, or the disk is full.
        case unavailable
        /// The commit may have happened or not.
        case outcomeUnknown = "outcome_unknown"
    }

    /// Whether failures are counted. The program turns this off for its own checks.
    @TaskLocal package static var countsFailures = true

    package let readers = ConnectionMetrics(purpose: "reading")
    package let writers = ConnectionMetrics(purpose: "writing")
    private let commits = Counter(label: "database_commits_total")
    private let requests = Recorder(label: "database_requests_per_commit")
    private let failures = Failure.allCases.reduce(into: [Failure: Counter]()) {
        counters, failure in
        counters[failure] = Counter(
            label: "database_failures_total", dimensions: [("reason", failure.rawValue)])
    }

    package init() {}

    package func noteCommit(of requests: Int) {
        commits.increment()
        self.requests.record(requests)
    }

    package func note(_ failure: Failure, of requests: Int = 1) {
        if Self.countsFailures { failures[failure]?.increment(by: requests) }
    }
}

/// How many requests use connections for one purpose, or wait for them.
package struct ConnectionMetrics: Sendable {
    private let inUse: Meter
    private let waiting: Meter

    init(purpose: String) {
        let labels = [("purpose", purpose)]
        inUse = Meter(label: "database_connections_in_use", dimensions: labels)
        waiting = Meter(label: "database_requests_waiting", dimensions: labels)
    }

    package func beginWaiting() { waiting.increment() }
    package func endWaiting() { waiting.decrement() }
    package func beginUse() { inUse.increment() }
    package func endUse() { inUse.decrement() }
}
