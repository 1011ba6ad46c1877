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
    /// - Parameter start: When the request began; it ends now.
    init(
        method: String, path: some StringProtocol, status: Int, since start: ContinuousClock.Instant
    ) {
        self.method = method
        self.path = String(path)
        self.status = status
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// - Parameter requestID: What the line is found by; nil where the logger tells it already.
    func write(to logger: Logger, requestID: RequestID? = nil) {
        // Health checks come every few seconds and tell nothing while all is well.
        let isCheck = ["/livez", "/readyz"].contains(path) && status == 200
        var metadata: Logger.Metadata = [
            "method": .string(method), "path": .string(path), "status": .string(String(status)),
            "milliseconds": .string(String(Double(microseconds) / 1000)),
        ]
        if let requestID { metadata["requestId"] = .string(requestID.text) }
        logger.log(level: isCheck ? .debug : .info, "request", metadata: metadata)
    }
}
