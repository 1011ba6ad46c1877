internal import Logging

/// What the log tells of one request that was answered.
///
/// The query stays out of it, because what somebody searches for is nobody else's business.
struct RequestLine {
    private let method: String
    private let path: String
    private let status: Int
    private let microseconds: Int64

    /// - Parameter path: Without the query.
    /// - Parameter duration: How long the answer took.
    init(method: String, path: some StringProtocol, status: Int, took duration: Duration) {
        self.method = method
        self.path = String(path)
        self.status = status
        microseconds = duration.nanoseconds / 1000
    }

    /// - Parameter requestID: What the line is found by; nil where the logger tells it already.
    /// - Parameter trace: The same.
    func write(to logger: Logger, requestID: RequestID? = nil, trace: TraceParent? = nil) {
        // Health checks come every few seconds and tell nothing while all is well.
        let isCheck = ["/livez", "/readyz"].contains(path) && status == 200
        var metadata: Logger.Metadata = [
            "method": .string(method), "path": .string(path), "status": .stringConvertible(status),
            "milliseconds": .stringConvertible(Double(microseconds) / 1000),
        ]
        if let requestID { metadata["requestId"] = .string(requestID.text) }
        if let trace { metadata["traceparent"] = .string(trace.text) }
        logger.log(level: isCheck ? .debug : .info, "request", metadata: metadata)
    }
}
