internal import HTTPTypes

extension HTTPField.Name {
    private static func name(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header") }
        return name
    }

    static let acceptPatch = name("Accept-Patch")
    static let acceptPost = name("Accept-Post")
    /// The id of the change that the request has recorded.
    static let changeID = name("Change-Id")
    static let contentSecurityPolicy = name("Content-Security-Policy")
    static let idempotencyKey = name("Idempotency-Key")
    /// Whether the response is repeated from an earlier request.
    static let idempotencyReplayed = name("Idempotency-Replayed")
    static let keepAlive = name("Keep-Alive")
    static let link = name("Link")
    static let referrerPolicy = name("Referrer-Policy")
    static let requestID = name("Request-Id")
    static let secFetchSite = name("Sec-Fetch-Site")
    static let totalCount = name("X-Total-Count")
    static let traceParent = name("traceparent")
    static let xContentTypeOptions = name("X-Content-Type-Options")
    static let xForwardedFor = name("X-Forwarded-For")
    static let xForwardedProto = name("X-Forwarded-Proto")
    static let xRequestID = name("X-Request-Id")
}
