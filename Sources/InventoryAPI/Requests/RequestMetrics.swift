internal import Metrics
internal import Synchronization

/// Counts requests by method, route and status.
final class RequestMetrics: Sendable {
    /// The labels of a counter. They have few values, whatever clients send.
    private struct Kind: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    private let inFlight = Meter(label: "http_requests_in_flight")
    private let all = Mutex<[Kind: (count: Counter, duration: Timer)]>([:])

    func requestBegan() { inFlight.increment() }

    func requestEnded() { inFlight.decrement() }

    /// - Parameter route: The path in the table of routes; nil if the request had no route.
    func count(method: String, route: String?, status: Int, _ duration: Duration) {
        let kind = Kind(
            method: Self.methods.contains(method) ? method : "other", route: route ?? "none",
            status: status)
        let metrics = all.withLock { all in
            if let metrics = all[kind] { return metrics }
            let labels = [("method", kind.method), ("route", kind.route)]
            let metrics = (
                count: Counter(
                    label: "http_requests_total",
                    dimensions: labels + [("status", String(kind.status))]),
                duration: Timer(label: "http_request_duration_seconds", dimensions: labels)
            )
            all[kind] = metrics
            return metrics
        }
        metrics.count.increment()
        metrics.duration.record(duration: duration)
    }
}
