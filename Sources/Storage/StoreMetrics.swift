internal import Metrics

/// What every store counts of its work.
package struct StoreMetrics: Sendable {
    /// What a database fails in, however well it is asked.
    package enum Failure: String, CaseIterable, Sendable {
        /// A turn, or a lock of another transaction, was not to be had in time.
        case busy
        /// It took longer than it may.
        case interrupted
        /// No connection was to be had, the disk was full, and the like.
        case unavailable
        /// Nobody knows whether a commit has happened.
        case outcomeUnknown = "outcome_unknown"
    }

    /// Whether failures are those of requests; false for what the program asks by itself.
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

    /// - Parameter requests: How many share it.
    package func noteCommit(of requests: Int) {
        commits.increment()
        self.requests.record(requests)
    }

    /// - Parameter requests: How many have it in common.
    package func note(_ failure: Failure, of requests: Int = 1) {
        if Self.countsFailures { failures[failure]?.increment(by: requests) }
    }
}

/// How many requests use the connections that there are for one purpose, or wait for one.
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
