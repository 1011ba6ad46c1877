internal import HTTPServer
internal import HTTPTypes
internal import Inventory
internal import Logging
internal import Synchronization

/// The data of a request that its response and its log lines share.
struct Exchange {
    let start = ContinuousClock.now
    let method: String
    /// The path without the query, which the log must not show.
    let path: Substring
    let origin: String?
    /// Identifies the request for the client, in the log and in each problem.
    let id: String
    let trace: TraceParent?

    private init(method: String, uri: String, origin: String?, id: String?, traces: [String]) {
        self.method = method
        path = Substring(uri.utf8.prefix { $0 != UInt8(ascii: "?") })
        self.origin = origin?.ifShortASCII
        self.id = id.flatMap { Self.isValidID($0) ? $0 : nil } ?? Self.newID()
        trace = TraceParent(traces)
    }

    init(_ head: HTTPRequest) {
        let fields = head.headerFields
        self.init(
            method: head.method.rawValue, uri: head.path ?? "", origin: fields[.origin],
            id: fields[.xRequestID], traces: fields[values: .traceParent])
    }

    init(_ head: RequestHead) {
        // Joins several headers of one name as HTTPFields does.
        func joined(_ name: String) -> String? {
            let values = head.values(of: name)
            return values.isEmpty ? nil : values.joined(separator: ", ")
        }
        self.init(
            method: head.method, uri: head.uri, origin: joined("origin"),
            id: joined("x-request-id"), traces: head.values(of: "traceparent"))
    }

    private static func isValidID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
    }

    private static let lastID = Atomic(UInt64.random(in: 0...UInt64.max))

    /// A unique id. It is not secret, so it need not be random, which would need a system call.
    private static func newID() -> String {
        // Adding an odd number reaches all 64-bit numbers before one repeats. This odd number makes
        // successive ids look different.
        let number = lastID.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    func logger(_ logger: Logger) -> Logger {
        var logger = logger
        logger[metadataKey: "requestId"] = .string(id)
        if let trace { logger[metadataKey: "traceparent"] = .string(trace.text) }
        return logger
    }

    func log(to logger: Logger, status: Int, _ duration: Duration) {
        var metadata: Logger.Metadata = [
            "method": .string(method), "path": .string(String(path)),
            "status": .stringConvertible(status),
            "milliseconds": .stringConvertible((duration / .microseconds(1)).rounded(.down) / 1000),
            "requestId": .string(id),
        ]
        if let trace { metadata["traceparent"] = .string(trace.text) }
        // Health checks come every few seconds, so log them at a lower level.
        let isCheck = status == 200 && ["/livez", "/readyz"].contains(path)
        logger.log(level: isCheck ? .debug : .info, "request", metadata: metadata)
    }
}

/// The header `traceparent`, which identifies the caller's trace in the log
/// (https://www.w3.org/TR/trace-context/#traceparent-header).
struct TraceParent {
    let text: String

    init?(_ values: [String]) {
        guard let text = values.first, values.count == 1, Self.isValid(text) else { return nil }
        self.text = text
    }

    /// Version 00: `00-` 32 digits `-` 16 digits `-` 2 digits; the first two of these are not zero.
    private static func isValid(_ text: String) -> Bool {
        guard text.utf8.count == 55 else { return false }
        let parts = text.utf8.split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isZero = parts.map { $0.allSatisfy { $0 == UInt8(ascii: "0") } }
        return parts.map(\.count) == [2, 32, 16, 2] && isZero.prefix(3) == [true, false, false]
            && parts.joined().allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}
