internal import Metrics
internal import Synchronization

/// Counts the requests that have one method, route and status in common.
struct RequestMetrics: Sendable {
    private let count: Counter
    private let duration: Timer

    fileprivate init(_ kind: Kind) {
        let labels = [("method", kind.method), ("route", kind.route)]
        count = Counter(
            label: "http_requests_total", dimensions: labels + [("status", String(kind.status))])
        duration = Timer(label: "http_request_duration_seconds", dimensions: labels)
    }

    /// Notes that one was answered, which took `duration`.
    func note(_ duration: Duration) {
        count.increment()
        self.duration.recordNanoseconds(duration.nanoseconds)
    }

    /// What is counted together: few things, whatever clients ask for.
    fileprivate struct Kind: Hashable {
        private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

        let method: String
        let route: String
        let status: Int

        init(method: String, route: String?, status: Int) {
            self.method = Self.methods.contains(method) ? method : "other"
            // Hummingbird calls the route of a request that has none by a name of its own.
            self.route = route.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "none"
            self.status = status
        }
    }
}

/// The metrics of all kinds of requests that there were.
final class RequestMetricsByKind: Sendable {
    private let inFlight = Meter(label: "http_requests_in_flight")
    private let all = Mutex<[RequestMetrics.Kind: RequestMetrics]>([:])

    func requestBegan() { inFlight.increment() }

    func requestEnded() { inFlight.decrement() }

    /// - Parameter route: The pattern of the path; nil where the request had none.
    func callAsFunction(method: String, route: String?, status: Int) -> RequestMetrics {
        let kind = RequestMetrics.Kind(method: method, route: route, status: status)
        return all.withLock { all in
            if let metrics = all[kind] { return metrics }
            let metrics = RequestMetrics(kind)
            all[kind] = metrics
            return metrics
        }
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
