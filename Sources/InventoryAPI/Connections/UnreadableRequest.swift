internal import HTTPTypes
internal import NIOHTTP1

/// Why what a client sent is no request that can be answered.
///
/// ``RequestGuard`` puts it into a header that no client can set, ``LimitsMiddleware`` answers it.
enum UnreadableRequest: String {
    case noHost = "no-host"
    case severalHosts = "several-hosts"
    case malformed
    case unknownCoding = "unknown-coding"
    case bodyTooLarge = "body-too-large"
    case unknownVersion = "unknown-version"
    case uriTooLong = "uri-too-long"
    case headersTooLarge = "headers-too-large"
    case tooSlow = "too-slow"

    static let header = "carrier-refusal"

    /// What is wrong with the head of a request that could be parsed.
    init?(_ head: HTTPRequestHead, _ traits: RequestTraits, isHTTP: Bool) {
        switch traits.hostCount {
        case _ where !isHTTP: self = .unknownVersion
        case _ where !traits.isFramed: self = .unknownCoding
        case _ where traits.bodyLength == .max: self = .bodyTooLarge
        // RFC 9112 §3.2: from HTTP/1.1 on there is one Host, and never are there two.
        case 0 where !head.version.isBefore11: self = .noHost
        case 2...: self = .severalHosts
        case _ where head.uri.utf8.count > LimitsMiddleware.longestURI: self = .uriTooLong
        default: return nil
        }
    }

    /// What goes on in place of the request.
    ///
    /// Of what the client sent it has what an answer needs: its name for the request, and whose web
    /// page it comes from.
    func request(insteadOf head: HTTPRequestHead) -> HTTPRequestHead {
        var headers = HTTPHeaders([(Self.header, rawValue)])
        for name in ["host", "origin", "x-request-id", "x-forwarded-for", "x-forwarded-proto"] {
            if let value = head.headers.first(name: name) { headers.add(name: name, value: value) }
        }
        return HTTPRequestHead(
            version: .http1_1, method: head.method == .HEAD ? .HEAD : .GET, uri: "/",
            headers: headers)
    }

    var problem: Problem {
        switch self {
        case .noHost:
            Problem(type: .malformedRequest, detail: "The request has no header Host.")
        case .severalHosts:
            Problem(type: .malformedRequest, detail: "The request has several headers Host.")
        case .malformed:
            Problem(type: .malformedRequest, detail: "The request cannot be understood.")
        case .unknownCoding:
            Problem(
                type: .malformedRequest,
                detail: "Transfer-Encoding must be chunked, in a request of HTTP/1.1.")
        case .bodyTooLarge:
            Problem(type: .contentTooLarge, detail: "The body is larger than any that is taken.")
        case .unknownVersion:
            Problem(type: .httpVersionNotSupported, detail: "Send the request in HTTP/1.1.")
        case .uriTooLong: .uriTooLong
        case .headersTooLarge: .headersTooLarge
        case .tooSlow: .requestTimeout
        }
    }
}

extension Problem {
    static let uriTooLong = Problem(
        type: .uriTooLong, detail: "The address is longer than 8 KiB.")
    static let headersTooLarge = Problem(
        type: .headersTooLarge, detail: "The headers are larger than 32 KiB.")
    static let requestTimeout = Problem(
        type: .requestTimeout, detail: "The request took too long to arrive.")
}

/// The client took too long to send a request.
struct RequestTimeout: Error {}
