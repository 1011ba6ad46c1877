package import HTTPTypes
internal import NIOHTTP1

/// A request that is not forwarded because it is malformed, too large or too slow.
package struct RejectedRequest: Sendable {
    package enum Reason: Sendable {
        case noHost, severalHosts, malformed, unknownCoding, bodyTooLarge, unknownVersion
        case uriTooLong, headersTooLarge, tooSlow

        /// Returns nil if the error does not reject the request.
        init?(_ error: any Error) {
            switch error {
            case HTTPParserError.headerOverflow: self = .headersTooLarge
            // The client left.
            case HTTPParserError.invalidEOFState: return nil
            // The parser pauses after the preface of HTTP/2.
            case HTTPParserError.paused, HTTPParserError.invalidVersion: self = .unknownVersion
            case is RequestTimeout: self = .tooSlow
            case is HTTPParserError: self = .malformed
            default: return nil
            }
        }
    }

    package let reason: Reason
    /// A placeholder with the path `/` and the headers that the response and the log need.
    package let head: HTTPRequest

    /// A request whose head could not be read.
    init(_ reason: Reason) {
        self.reason = reason
        head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
    }

    /// Returns nil if the head is valid.
    init?(
        _ head: HTTPRequestHead, _ traits: RequestTraits, isHTTP: Bool
    ) {
        switch traits.hostCount {
        case _ where !isHTTP: reason = .unknownVersion
        case _ where !traits.isFramed: reason = .unknownCoding
        case _ where traits.bodyLength == .max: reason = .bodyTooLarge
        // RFC 9112 §3.2: HTTP/1.1 requires one Host, and no version allows two.
        case 0 where !head.version.isBefore11: reason = .noHost
        case 2...: reason = .severalHosts
        case _ where head.uri.utf8.count > ConnectionLimits.longestURI: reason = .uriTooLong
        case _ where traits.headerBytes > ConnectionLimits.largestHeaders: reason = .headersTooLarge
        default: return nil
        }
        var fields = HTTPFields()
        for name in ["Origin", "X-Request-Id", "traceparent"] {
            guard let name = HTTPField.Name(name) else { continue }
            for value in head.headers[name.rawName] {
                fields.append(.init(name: name, value: value))
            }
        }
        self.head = HTTPRequest(
            method: head.method == .HEAD ? .head : .get, scheme: nil, authority: nil, path: "/",
            headerFields: fields)
    }
}

/// The client took too long to send a request.
package struct RequestTimeout: Error {}
